import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { reach } from './faults.ts';

/** The atomic steps: a Lua file each in packages/queue/lua, whose first comment describes input and output. */
export const SCRIPT_NAMES = [
  'advance',
  'append-part',
  'attach',
  'backlog',
  'batch-accept',
  'batch-drop',
  'batch-settle',
  'batch-touch',
  'child-result',
  'child-words',
  'create-upload',
  'detach',
  'end',
  'end-sessions',
  'extra',
  'find-key',
  'forget',
  'live-append',
  'live-change',
  'live-claim',
  'live-close',
  'live-mark',
  'live-open',
  'live-over',
  'live-release',
  'live-take',
  'live-tell',
  'oldest-waiting',
  'open-session',
  'outbox-take',
  'probe',
  'prune-index',
  'put-named-list',
  'put-own-voice',
  'put-voice',
  'raise',
  'receiver-enter',
  'receiver-leave',
  'resume',
  'rotate-key',
  'rotate-webhook-secret',
  'settle',
  'sign-in-user',
  'stage',
  'start',
  'take-budget',
  'take-rate',
  'take-turns',
  'touch-session',
  'unfinished',
  'view',
  'wait',
  'warn',
  'webhook-attempt',
  'webhook-replay',
  'window-progress',
] as const;
export type ScriptName = (typeof SCRIPT_NAMES)[number];

type Command = (keyCount: number, ...keysAndArgs: (string | Buffer)[]) => Promise<unknown>;

const FOLDER = new URL('../../lua/', import.meta.url);
/** Redis scripts cannot share functions, so shared ones are copied into each. */
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

/** Arguments of a script beside its keys. Members that are null or undefined are left out, since Lua has only nil. */
export type ScriptArgument = Readonly<Record<string, unknown>>;

/**
 * Runs a script. It is sent by its hash, and in full if the server does not know it yet.
 *
 * @param argument passed as one JSON text; a string is passed unchanged.
 * @param bodies values that are stored unchanged, and may be long.
 */
export function runScript(
  redis: Redis,
  name: ScriptName,
  keys: readonly string[],
  argument: ScriptArgument | string = {},
  ...bodies: (string | Buffer)[]
): Promise<unknown> {
  const json = typeof argument === 'string' ? argument : scriptArgument(argument);
  return reach(commandOf(redis, name)(keys.length, ...keys, json, ...bodies));
}

export function scriptArgument(argument: ScriptArgument): string {
  return JSON.stringify(withoutNulls(argument));
}

/** Plain objects in plain objects; lists are taken as they are. Quicker than a replacer, which is asked for every value. */
function withoutNulls(argument: ScriptArgument): ScriptArgument {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(argument)) {
    if (value === null) continue;
    const isObject = typeof value === 'object' && !Array.isArray(value);
    kept[name] = isObject ? withoutNulls(value as ScriptArgument) : value;
  }
  return kept;
}
