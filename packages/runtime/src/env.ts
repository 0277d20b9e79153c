import { z } from 'zod';
import { type EnvValue, gatherEnv } from './env-source.ts';

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

/** A typed configuration, and what was written where to get it. */
export interface ReadEnv<S extends Entries> {
  env: z.output<z.ZodObject<S>>;
  /** By name; those with their default are absent. */
  values: Map<string, EnvValue>;
}

/**
 * The typed configuration of a process. Names are case-insensitive; a name set to nothing counts as not set; the
 * process environment wins over the .env file, which may be absent. A secret can come from a file of its own
 * (`NAME_FILE`).
 *
 * @throws EnvError with every problem found.
 */
export function parseEnv<S extends Entries>(
  schema: z.ZodObject<S>,
  environment: NodeJS.ProcessEnv,
  dotenvPath?: string,
): z.output<z.ZodObject<S>> {
  return readEnv(schema, environment, dotenvPath).env;
}

/** As parseEnv, with the source of each value. */
export function readEnv<S extends Entries>(
  schema: z.ZodObject<S>,
  environment: NodeJS.ProcessEnv,
  dotenvPath?: string,
): ReadEnv<S> {
  const names = Object.keys(schema.shape);
  const { values, problems } = gatherEnv(names.filter(isSecret(schema)), environment, dotenvPath);
  const input = Object.fromEntries(names.map((name) => [name, values.get(name)?.text]));
  const parsed = schema.safeParse(input);
  if (parsed.success && problems.length === 0) return { env: parsed.data, values };
  const named = new Set(problems.map(({ name }) => name));
  const issues = (parsed.error?.issues ?? []).filter(({ path }) => !named.has(String(path[0] ?? '-')));
  throw new EnvError([
    ...problems.map(({ problem }) => problem),
    ...issues.map((issue) => problemOf(schema, issue, values)),
  ]);
}

function problemOf(schema: z.ZodObject<Entries>, issue: z.core.$ZodIssue, values: Map<string, EnvValue>): string {
  const name = String(issue.path[0] ?? '');
  if (name === '') return issue.message;
  const value = values.get(name)?.text;
  if (value === undefined) return issue.code === 'custom' ? `${name} ${issue.message}` : `${name} must be set`;
  const shown = isSecret(schema)(name) ? 'its value is not shown' : JSON.stringify(value);
  return `${name} ${issue.message} (${shown})`;
}

const isSecret = (schema: z.ZodObject<Entries>) => (name: string) => {
  const entry = schema.shape[name];
  return entry !== undefined && entryMeta(entry).secret !== undefined;
};

const metaSchema = z.object({
  description: z.string().optional(),
  /** Never shown. `url`: an address, of which only the password is secret. */
  secret: z.union([z.literal(true), z.literal('url')]).optional(),
  /** Can change while the process runs; see EnvReload. */
  reload: z.literal(true).optional(),
});

function entryMeta(entry: z.core.$ZodType): z.output<typeof metaSchema> {
  return metaSchema.parse(z.globalRegistry.get(entry) ?? {});
}

export interface EnvRow {
  name: string;
  /** As one would write it in a .env file; '' when the name has no default. */
  default: string;
  required: boolean;
  /** `url`: an address, of which only the password is secret. */
  secret: boolean | 'url';
  /** Whether a change takes effect without a restart, on SIGHUP. */
  reload: boolean;
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
    const { description, secret, reload } = entryMeta(entry);
    if (description === undefined) throw new Error(`${name} has no description`);
    const unset = z.safeParse(entry, undefined);
    return {
      name,
      default: unset.success ? renderValue(unset.data) : '',
      required: !unset.success,
      secret: secret ?? false,
      reload: reload ?? false,
      description,
    };
  });
}

/** As one would write it in a .env file. */
export function renderValue(value: unknown): string {
  if (value === undefined || value === null) return '';
  return Array.isArray(value) ? value.join(',') : String(value);
}
