import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from '../setup/root.mjs';
import { folderWith } from './temporary-folder.mjs';

const FILE = join(root, 'docker-compose.yml');
const compose = ['docker', 'compose', '--file', FILE, '--project-directory'];
/** Docker's own reading of the file where its plugin is installed; it needs no engine for that. */
const hasPlugin = spawnSync('docker', ['compose', 'version']).status === 0;

/**
 * The services as Compose makes them of the file and of a `.env` with these values.
 * @returns name -> { environment, command, ... }
 */
export function servicesWith(env) {
  const text = Object.entries(env).map(([name, value]) => `${name}=${value}\n`);
  const folder = folderWith({ '.env': text.join('') });
  return hasPlugin ? servicesOfPlugin(folder) : servicesOfFile(env);
}

function servicesOfPlugin(folder) {
  const [command, ...args] = [...compose, folder, '--profile', '*', 'config', '--format', 'json'];
  const { stdout, stderr, status } = spawnSync(command, args, {
    encoding: 'utf8',
    // Settings in the shell would win over those of `.env`.
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(PATH|HOME|DOCKER_.*)$/.test(name))),
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout).services;
}

/** The part of Compose's rules that our file uses: `environment` over `env_file`, a name without a value is passed on. */
function servicesOfFile(env) {
  const { services } = parse(interpolate(readFileSync(FILE, 'utf8'), env), { merge: true });
  return Object.fromEntries(
    Object.entries(services).map(([name, service]) => {
      const named = Object.entries(service.environment ?? {}).map(([key, value]) => [key, value ?? env[key]]);
      const fromFile = service.env_file ? env : {};
      const all = { ...fromFile, ...Object.fromEntries(named.filter(([, value]) => value !== undefined)) };
      const environment = Object.fromEntries(Object.entries(all).map(([key, value]) => [key, String(value)]));
      return [name, { ...service, environment }];
    }),
  );
}

/** `${A}`, `${A:-when empty}`, `${A:+when set}`, the innermost first; not in comments. */
function interpolate(text, env) {
  const lines = text.split('\n').map((line) => (/^\s*#/.test(line) ? '' : line));
  let [before, after] = ['', lines.join('\n')];
  while (before !== after) {
    before = after;
    after = before.replace(/\$\{(\w+)(?:(:[-+])([^${}]*))?\}/g, (_all, name, operator, other = '') => {
      const value = env[name] ?? '';
      if (operator === ':+') return value === '' ? '' : other;
      return value === '' ? other : value;
    });
  }
  return after;
}
