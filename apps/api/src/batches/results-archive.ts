import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type BatchItemView, type BatchView, batchItemStatus, type RequestView } from '@sotto/queue';
import { FORMATS } from '@sotto/transcript';
import type { Response } from 'express';
import { ZipFile } from 'yazl';
import { ClientGone } from '../http/client-gone.ts';
import { type FormatOptions, formatOf, formatRenderer, type RenderingChoice } from '../results/formats.ts';
import type { Results } from '../results/results.ts';
import { EntryNames } from './entry-names.ts';

/** Lists recordings without a result, and why. */
const ERRORS_ENTRY = 'errors.json';

/**
 * Sends all results of a batch as one ZIP file. Each is read and rendered when the client is ready for it, so
 * that memory for one is enough for any number.
 *
 * @throws SottoError `invalid_parameter` before anything is sent; ClientGone.
 */
export async function sendArchive(
  response: Response,
  { batch, items }: BatchView,
  choice: RenderingChoice,
  results: Results,
): Promise<void> {
  const rendering = formatOf({ delivery: batch.delivery, fileName: batch.id }, choice);
  const zip = new ZipFile();
  // A result may expire meanwhile: a truncated archive is better than one that silently lacks an entry.
  zip.on('error', (error: Error) => response.destroy(error));
  response.attachment(`${batch.id}-${rendering.format}.zip`).type('application/zip');
  const entries = { rendering, mtime: new Date(batch.endedAtMs ?? batch.createdAtMs) };
  fill(zip, items, entries, async (view, options) => {
    const { body } = await results.transcript(view, formatRenderer, options, response);
    return typeof body === 'string' ? Buffer.from(body) : body;
  });
  zip.end();
  try {
    await pipeline(zip.outputStream, response);
  } catch (error) {
    throw response.errored === null ? new ClientGone() : error;
  }
}

function fill(
  zip: ZipFile,
  items: readonly BatchItemView[],
  { rendering, mtime }: { rendering: FormatOptions; mtime: Date },
  render: (view: RequestView, options: FormatOptions) => Promise<Buffer>,
): void {
  const names = new EntryNames();
  for (const { item, view } of items) {
    if (view === null || view.run.status !== 'completed') continue;
    zip.addReadStreamLazy(names.nameOf(item.fileName, FORMATS[rendering.format].extension), { mtime }, (give) => {
      render(view, { ...rendering, title: view.request.fileName }).then(
        (body) => give(null, Readable.from([body])),
        (error: unknown) => give(error, Readable.from([])),
      );
    });
  }
  const errors = items.flatMap(describeMissing);
  if (errors.length === 0) return;
  zip.addBuffer(Buffer.from(`${JSON.stringify(errors, null, 2)}\n`), names.nameOf(ERRORS_ENTRY, 'json'), { mtime });
}

function describeMissing(seen: BatchItemView, index: number): Record<string, unknown>[] {
  const { item, view } = seen;
  if (view?.run.status === 'completed') return [];
  const error = item.error ?? view?.run.error ?? null;
  const why = error === null ? {} : { error: error.code, detail: error.detail };
  return [
    {
      index,
      file_name: item.fileName,
      status: view === null && item.error === null ? 'deleted' : batchItemStatus(seen),
      ...why,
    },
  ];
}
