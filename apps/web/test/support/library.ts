import { join } from 'node:path';
import { type Service, type ServiceOptions, startService, waitFor } from '@sotto/testkit';

/** A service with a library in a folder; PGlite takes some seconds to open. */
export function startWithLibrary(folder: string, apiEnv: Record<string, string> = {}): Promise<Service> {
  return startWithDatabase(`pglite:${join(folder, 'library')}`, { apiEnv });
}

/** @param url of the library's database */
export async function startWithDatabase(url: string, options: ServiceOptions = {}): Promise<Service> {
  const service = await startService({ ...options, apiEnv: { ...options.apiEnv, DATABASE_URL: url } });
  await waitFor(async () => (await fetch(`${service.url}/library`)).status === 200, {
    what: 'the library to be open',
    timeoutMs: 60_000,
  });
  return service;
}
