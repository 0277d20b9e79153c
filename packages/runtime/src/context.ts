import { AsyncLocalStorage } from 'node:async_hooks';

/** What every log line written on behalf of a request or a job should carry. */
export interface Context {
  requestId?: string;
  jobId?: string;
  runId?: string;
  /** Id of the API key, never the key. */
  userId?: string;
}

const storage = new AsyncLocalStorage<Context>();

/** Runs `work`, and everything it starts, with these fields added to the surrounding context. */
export function withContext<T>(fields: Context, work: () => T): T {
  return storage.run({ ...storage.getStore(), ...fields }, work);
}

export function currentContext(): Readonly<Context> {
  return storage.getStore() ?? {};
}

/** Adds fields that become known later, such as the job id of a request; outside any context it does nothing. */
export function addContext(fields: Context): void {
  const context = storage.getStore();
  if (context !== undefined) Object.assign(context, fields);
}
