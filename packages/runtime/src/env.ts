import { readFileSync } from 'node:fs';
import { types } from 'node:util';
import { parse as parseDotenv } from 'dotenv';
import { z } from 'zod';

/** Everything that is wrong with the environment, at once, worded for the operator. */
export class EnvError extends Error {
  override readonly name = 'EnvError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(['The configuration cannot be used:', ...problems.map((problem) => `  - ${problem}`)].join('\n'));
    this.problems = problems;
  }
}

type Entries = z.ZodRawShape;

/** Names of the .env file and of the process, upper case; the process wins. */
function gather(source: NodeJS.ProcessEnv, dotenvPath: string | undefined): Map<string, string> {
  const values = new Map<string, string>();
  for (const layer of [readDotenv(dotenvPath), source]) {
    for (const [name, value] of Object.entries(layer)) {
      // `NAME=` means "not set": compose files pass empty values for what the operator left out.
      if (value !== undefined && value.trim() !== '') values.set(name.toUpperCase(), value);
    }
  }
  return values;
}

function readDotenv(path: string | undefined): Record<string, string> {
  if (path === undefined) return {};
  try {
    return parseDotenv(readFileSync(path));
  } catch (error) {
    if (types.isNativeError(error) && 'code' in error && error.code === 'ENOENT') return {};
    throw new EnvError([`${path} cannot be read: ${String(error)}`]);
  }
}

/**
 * The typed configuration of a process. Names are case-insensitive; a name set to nothing counts as not set; the
 * process environment wins over the .env file, which may be absent.
 *
 * @throws EnvError with every problem found.
 */
export function parseEnv<S extends Entries>(
  schema: z.ZodObject<S>,
  source: NodeJS.ProcessEnv,
  dotenvPath?: string,
): z.output<z.ZodObject<S>> {
  const values = gather(source, dotenvPath);
  const input = Object.fromEntries(Object.keys(schema.shape).map((name) => [name, values.get(name)]));
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new EnvError(parsed.error.issues.map((issue) => problemOf(schema, issue, values)));
}

function problemOf(schema: z.ZodObject<Entries>, issue: z.core.$ZodIssue, values: Map<string, string>): string {
  const name = String(issue.path[0] ?? '');
  if (name === '') return issue.message;
  const value = values.get(name);
  if (value === undefined) return issue.code === 'custom' ? `${name} ${issue.message}` : `${name} must be set`;
  const entry = schema.shape[name];
  const shown = entry !== undefined && entryMeta(entry).secret ? 'its value is not shown' : JSON.stringify(value);
  return `${name} ${issue.message} (${shown})`;
}

const metaSchema = z.object({ description: z.string().optional(), secret: z.boolean().optional() });

function entryMeta(entry: z.core.$ZodType): { description?: string | undefined; secret?: boolean | undefined } {
  return metaSchema.parse(z.globalRegistry.get(entry) ?? {});
}

export interface EnvRow {
  name: string;
  /** As one would write it in a .env file; '' when the name has no default. */
  default: string;
  required: boolean;
  secret: boolean;
  description: string;
}

/**
 * The rows of the configuration table, in the order of the schema. A test compares .env.example and
 * docs/configuration.md with them.
 *
 * @throws Error when an entry has no description.
 */
export function describeEnv(schema: z.ZodObject<Entries>): EnvRow[] {
  return Object.entries(schema.shape).map(([name, entry]) => {
    const { description, secret } = entryMeta(entry);
    if (description === undefined) throw new Error(`${name} has no description`);
    const unset = z.safeParse(entry, undefined);
    return {
      name,
      default: unset.success ? renderValue(unset.data) : '',
      required: !unset.success,
      secret: secret ?? false,
      description,
    };
  });
}

function renderValue(value: unknown): string {
  if (value === undefined || value === null) return '';
  return Array.isArray(value) ? value.join(',') : String(value);
}
