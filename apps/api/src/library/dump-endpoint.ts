import { once } from 'node:events';
import type { Response } from 'express';
import { ClientGone } from '../http/client-gone.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { LIBRARY_ERRORS, type LibraryDeps } from './library-deps.ts';

/** In PGlite everything waits for whoever reads the dump: one who takes nothing for so long is given up. */
const PATIENCE_MS = 20_000;

export function dumpEndpoints({ library }: Pick<LibraryDeps, 'library'>): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/admin/library/dump',
      summary: 'The database of the library, as it is at one moment',
      description:
        'For `sotto backup`, where the database is PGlite in the process of the API: nobody else can read it then. Lines of JSON with all rows of all accounts, without recordings. With PGlite, other requests to the library wait until it is sent.',
      tag: 'admin',
      access: 'admin',
      audit: 'library.dump',
      answers: {
        200: { description: 'The last line says how many rows there are.', content: { 'application/x-ndjson': null } },
      },
      errors: LIBRARY_ERRORS,
      handle: async ({ response }) => {
        response.set('Cache-Control', 'private, no-store');
        await library.use((open) => open.dump((line) => sendLine(response, line)));
        response.end();
      },
    }),
  ];
}

/** Resolves when the client has taken enough that more may be read. @throws ClientGone */
async function sendLine(response: Response, line: string): Promise<void> {
  if (response.closed || response.destroyed) throw new ClientGone();
  if (!response.headersSent) response.type('application/x-ndjson');
  if (response.write(`${line}\n`)) return;
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, AbortSignal.timeout(PATIENCE_MS)]);
  try {
    await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]);
  } catch (error) {
    response.destroy();
    throw error;
  } finally {
    over.abort();
  }
}
