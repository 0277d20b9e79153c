import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { reach } from './connection.ts';

/** The atomic steps: one Lua file each in packages/queue/lua, whose head says what goes in and out. */
export const SCRIPT_NAMES = [
  'attach',
  'view',
  'start',
  'stage',
  'plan',
  'warn',
  'progress',
  'checkpoint',
  'end',
  'detach',
  'forget',
  'take-rate',
  'webhook-replay',
  'webhook-attempt',
  'take-turns',
  'backlog',
  'unfinished',
  'find-key',
  'rotate-key',
  'batch-accept',
  'batch-settle',
  'batch-drop',
  'batch-touch',
  'rotate-webhook-secret',
  'append-part',
] as const;
export type ScriptName = (typeof SCRIPT_NAMES)[number];

type Command = (keyCount: number, ...keysAndArgs: (string | number)[]) => Promise<unknown>;

const FOLDER = new URL('../../lua/', import.meta.url);
/** Redis gives scripts no way to share functions, so what they share is put into each. */
const INCLUDE = /^--- @include ([\w-]+)$/gm;
const sources = new Map<ScriptName, string>();

function sourceOf(name: ScriptName): string {
  let lua = sources.get(name);
  if (lua === undefined) {
    lua = readFileSync(new URL(`${name}.lua`, FOLDER), 'utf8').replace(INCLUDE, (_line, part: string) =>
      readFileSync(new URL(`include/${part}.lua`, FOLDER), 'utf8'),
    );
    sources.set(name, lua);
  }
  return lua;
}

function commandOf(redis: Redis, name: ScriptName): Command {
  const commandName = `sotto:${name}`;
  const commands = redis as unknown as Record<string, Command | undefined>;
  if (commands[commandName] === undefined) redis.defineCommand(commandName, { lua: sourceOf(name) });
  const command = commands[commandName];
  if (command === undefined) throw new Error(`script ${name} could not be defined`);
  return command.bind(redis);
}

/** Runs one script; sent by its hash, and in full when this server has not seen it. */
export function runScript(
  redis: Redis,
  name: ScriptName,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  return reach(commandOf(redis, name)(keys.length, ...keys, ...args));
}
