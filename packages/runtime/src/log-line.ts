import { types } from 'node:util';
import { SottoError } from '@sotto/contracts';

export interface LogEntry {
  service: string;
  level: string;
  message: string;
  fields: Record<string, unknown>;
  timestamp?: Date;
}

/** Fields that the specification puts at the top of a line, beside metadata. */
const TOP_FIELDS = [
  'traceId',
  'requestId',
  'jobId',
  'runId',
  'userId',
  'endpoint',
  'method',
  'statusCode',
  'durationMs',
];

/** Values under these names are never written, however they got into a line. */
const SECRET_NAME = /^(authorization|cookie|set-cookie|password|secret|token|x[-_]?api[-_]?key|api[-_]?key)$/i;

/** One JSON line without its line break. */
export function logLine({ service, level, message, fields, timestamp = new Date() }: LogEntry): string {
  const line: Record<string, unknown> = { timestamp: timestamp.toISOString(), level, service };
  for (const name of TOP_FIELDS) if (fields[name] !== undefined) line[snakeCase(name)] = fields[name];
  line.message = message;
  if (fields.error !== undefined) line.error = describeError(fields.error);
  const rest = Object.entries(fields).filter(
    ([name, value]) => value !== undefined && name !== 'error' && !TOP_FIELDS.includes(name),
  );
  if (rest.length > 0) line.metadata = Object.fromEntries(rest.map(([name, value]) => [snakeCase(name), value]));
  return stringify(line);
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

const MAX_CAUSES = 5;

/** Name, message, code, detail, stack and causes of a thrown value. */
export function describeError(error: unknown, depth = 0): Record<string, unknown> {
  // Not instanceof: an error may come from another realm.
  if (!types.isNativeError(error)) return { message: typeof error === 'string' ? error : stringify(error) };
  return {
    name: error.name,
    message: error.message,
    ...('code' in error && { code: error.code }),
    ...(error instanceof SottoError && { detail: error.detail }),
    // A wrapped error's own stack says little beyond its cause's, but it shows who wrapped it.
    stack: error.stack,
    ...(error instanceof AggregateError &&
      depth < MAX_CAUSES && { errors: error.errors.map((one) => describeError(one, depth + 1)) }),
    ...(error.cause !== undefined && depth < MAX_CAUSES && { cause: describeError(error.cause, depth + 1) }),
  };
}

/** A log line must never throw: cycles, BigInts and throwing getters become text. */
function stringify(value: unknown): string {
  const open: unknown[] = [];
  try {
    return JSON.stringify(value, function (this: unknown, name: string, item: unknown) {
      if (SECRET_NAME.test(name)) return '[hidden]';
      if (typeof item === 'bigint') return item.toString();
      if (types.isNativeError(item)) return describeError(item);
      if (item instanceof Uint8Array) return `[${item.byteLength} bytes]`;
      if (typeof item !== 'object' || item === null) return item;
      while (open.length > 0 && open.at(-1) !== this) open.pop();
      if (open.includes(item)) return '[circular]';
      open.push(item);
      return item;
    });
  } catch (error) {
    return JSON.stringify({ level: 'ERROR', message: 'a log line could not be written', reason: String(error) });
  }
}
