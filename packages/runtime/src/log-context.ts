import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Fields of one line. `traceId`, `requestId`, `jobId`, `runId`, `userId`, `endpoint`, `method`, `statusCode` and `durationMs`
 * stand at the top of the line, `error` becomes an object with its causes, the rest goes into `metadata`.
 */
export type LogFields = Record<string, unknown>;

const here = new AsyncLocalStorage<LogFields>();

/** Every log line that `work` leads to, now and later, carries these fields; those of the line itself win. */
export function withLogFields<T>(fields: LogFields, work: () => T): T {
  return here.run({ ...here.getStore(), ...fields }, work);
}

/** Fields of whatever is going on here. */
export const logFieldsHere = (): LogFields => here.getStore() ?? {};
