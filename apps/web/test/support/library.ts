import { join } from 'node:path';
import { type Service, startService, waitFor } from '@sotto/testkit';

/** A service with a library in a folder; PGlite takes some seconds to open. */
export async function startWithLibrary(folder: string, apiEnv: Record<string, string> = {}): Promise<Service> {
  const service = await startService({ apiEnv: { ...apiEnv, DATABASE_URL: `pglite:${join(folder, 'library')}` } });
  await waitFor(async () => (await fetch(`${service.url}/library`)).status === 200, {
    what: 'the library to be open',
    timeoutMs: 60_000,
  });
  return service;
}
