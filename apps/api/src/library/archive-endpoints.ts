import { SottoError, wireImportSchema } from '@sotto/contracts';
import type { Request } from 'express';
import { z } from 'zod';
import { accountOf } from '../http/account.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { sendLibrary } from './export-archive.ts';
import { importArchive } from './import-archive.ts';
import type { ImportDeps } from './import-item.ts';
import { LIBRARY_ERRORS, type LibraryDeps } from './library-deps.ts';

export interface ArchiveDeps extends LibraryDeps, ImportDeps {}

export function archiveEndpoints(deps: ArchiveDeps): Endpoint[] {
  return [exportEndpoint(deps), importEndpoint(deps)];
}

function exportEndpoint(deps: ArchiveDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/library/export',
    isRead: true,
    summary: 'All that is yours, as a ZIP archive',
    description:
      'Every item that has ended, with its transcript, edits and recording. `POST /library/import` takes it, here or elsewhere.',
    tag: 'library',
    access: 'read',
    audit: 'library.export',
    answers: { 200: { description: 'The archive.', content: { 'application/zip': null } } },
    errors: [...LIBRARY_ERRORS, 'storage_unavailable'],
    handle: async ({ principal, response }) => {
      response.set('Cache-Control', 'private, no-store');
      await sendLibrary(accountOf(principal), response, deps);
    },
  });
}

function importEndpoint(deps: ArchiveDeps): Endpoint {
  return endpoint({
    method: 'post',
    path: '/library/import',
    summary: 'Add an archive to your library',
    description:
      'Each item is added as a whole or not at all. One that is there already is skipped, so that an import that was interrupted can be repeated. Imported items have ids of their own.',
    tag: 'library',
    access: 'transcribe',
    audit: 'library.import',
    streamedBody: {
      'application/zip': z.string().meta({ override: { type: 'string', format: 'binary' } }),
    },
    answers: { 200: { description: 'What came of it.', content: { 'application/json': wireImportSchema } } },
    errors: [
      ...LIBRARY_ERRORS,
      'archive_not_usable',
      'unsupported_media_type',
      'file_too_large',
      'disk_full',
      'storage_unavailable',
      'service_full',
    ],
    handle: async ({ request, principal, response }) => {
      if (!request.is('application/zip')) {
        throw new SottoError('unsupported_media_type', 'Send the archive as application/zip.');
      }
      // Asked before a large body is read for nothing.
      await deps.library.use(({ accounts }) => accounts.retentionDays(accountOf(principal)));
      const key = await receive(request, deps);
      try {
        const { path, release } = await deps.storage.localFile(key);
        const outcome = await importArchive(path, accountOf(principal), deps).finally(release);
        response.set('Cache-Control', 'private, no-store').json(outcome);
      } finally {
        await deps.storage.delete(key).catch(() => false);
      }
    },
  });
}

/** As an upload, which is swept if this process dies. @returns its key */
async function receive(request: Request, { storage, settings }: ArchiveDeps): Promise<string> {
  const tooLarge = () =>
    new SottoError('file_too_large', `An archive may have ${settings.maxBatchBytes} bytes (MAX_BATCH_SIZE).`);
  if (Number(request.get('content-length') ?? 0) > settings.maxBatchBytes) throw tooLarge();
  const writer = await storage.createWriter('uploads');
  const idle = setTimeout(() => request.destroy(), settings.uploadIdleMs);
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Uint8Array>) {
      idle.refresh();
      bytes += chunk.length;
      if (bytes > settings.maxBatchBytes) throw tooLarge();
      await writer.write(chunk);
    }
    return (await writer.commit()).key;
  } catch (error) {
    await writer.abort();
    throw error;
  } finally {
    clearTimeout(idle);
  }
}
