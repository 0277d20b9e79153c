import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse as parseDotenv } from 'dotenv';
import { errorCodeOf } from './error-code.ts';

/** A value as it was written, and where: `environment`, the path of the .env file, or that of a secret's own file. */
export interface EnvValue {
  text: string;
  source: string;
}

export interface EnvValues {
  /** By name, upper case. */
  values: Map<string, EnvValue>;
  /** By the name that they are about; '' for the .env file itself. */
  problems: { name: string; problem: string }[];
}

export const FILE_SUFFIX = '_FILE';

/**
 * What is set. The environment wins over the .env file, which may be absent. In both, each secret can be given as
 * `NAME_FILE`, the path of a file with its value (relative to the folder of .env): that of the same place must not be
 * set beside `NAME`.
 */
export function gatherEnv(
  secrets: readonly string[],
  environment: NodeJS.ProcessEnv,
  dotenvPath: string | undefined,
): EnvValues {
  const folder = dirname(resolve(dotenvPath ?? '.env'));
  const all: EnvValues = { values: new Map(), problems: [] };
  for (const [source, layer] of [
    [dotenvPath ?? '', readDotenv(dotenvPath, all)],
    ['environment', environment],
  ] as const) {
    const texts = textsOf(layer);
    for (const name of secrets) readSecretFile(name, texts, folder, all);
    for (const [name, text] of texts) all.values.set(name, { text, source });
  }
  return all;
}

/** `NAME=` means "not set": compose files pass empty values for what the operator left out. */
function textsOf(layer: Record<string, string | undefined>): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [name, text] of Object.entries(layer)) {
    if (text !== undefined && text.trim() !== '') texts.set(name.toUpperCase(), text);
  }
  return texts;
}

function readSecretFile(name: string, texts: Map<string, string>, folder: string, all: EnvValues): void {
  const path = texts.get(`${name}${FILE_SUFFIX}`);
  if (path === undefined) return;
  const problem = (text: string) => all.problems.push({ name, problem: text });
  if (texts.has(name)) return void problem(`${name} and ${name}${FILE_SUFFIX} must not both be set`);
  try {
    const text = readFileSync(resolve(folder, path.trim()), 'utf8').replace(/\r?\n$/, '');
    if (text.trim() === '') problem(`${name}${FILE_SUFFIX}: ${path} is empty`);
    all.values.set(name, { text, source: path });
  } catch (error) {
    problem(`${name}${FILE_SUFFIX}: ${path} cannot be read (${errorCodeOf(error) ?? String(error)})`);
  }
}

function readDotenv(path: string | undefined, all: EnvValues): Record<string, string> {
  if (path === undefined) return {};
  try {
    return parseDotenv(readFileSync(path));
  } catch (error) {
    if (errorCodeOf(error) !== 'ENOENT')
      all.problems.push({ name: '', problem: `${path} cannot be read: ${String(error)}` });
    return {};
  }
}
