import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { CaptionChoice, CaptionOptions, Granularity, ResponseFormat } from '@sotto/contracts';
import { type BatchItemView, type BatchView, batchItemStatus, type RequestView, type Runs } from '@sotto/queue';
import { FORMATS, renderTranscript } from '@sotto/transcript';
import type { Response } from 'express';
import { ZipFile } from 'yazl';
import { ClientGone } from '../http/client-gone.ts';
import { transcriptOf } from '../transcriptions/outcome.ts';
import { captionsOf } from '../transcriptions/rendering.ts';
import { EntryNames } from './entry-names.ts';

export interface ArchiveChoice {
  responseFormat?: ResponseFormat | undefined;
  granularity?: Granularity | undefined;
  captions: CaptionChoice;
}

interface Rendering {
  format: ResponseFormat;
  granularity: Granularity;
  captions: CaptionOptions;
}

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
  choice: ArchiveChoice,
  runs: Runs,
): Promise<void> {
  const { delivery } = batch;
  const rendering: Rendering = {
    format: choice.responseFormat ?? delivery.responseFormat,
    granularity: choice.granularity ?? delivery.granularity,
    captions: captionsOf(delivery.captions, choice.captions),
  };
  const zip = new ZipFile();
  // A result may expire meanwhile: a truncated archive is better than one that silently lacks an entry.
  zip.on('error', (error: Error) => response.destroy(error));
  response.attachment(`${batch.id}-${rendering.format}.zip`).type('application/zip');
  fill(zip, items, rendering, { runs, mtime: new Date(batch.endedAtMs ?? batch.createdAtMs) });
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
  rendering: Rendering,
  { runs, mtime }: { runs: Runs; mtime: Date },
): void {
  const names = new EntryNames();
  for (const { item, view } of items) {
    if (view === null || view.run.status !== 'completed') continue;
    zip.addReadStreamLazy(names.nameOf(item.fileName, FORMATS[rendering.format].extension), { mtime }, (give) => {
      rendered(view, rendering, runs).then(
        (body) => give(null, Readable.from([body])),
        (error: unknown) => give(error, Readable.from([])),
      );
    });
  }
  const errors = items.flatMap(describeMissing);
  if (errors.length === 0) return;
  zip.addBuffer(Buffer.from(`${JSON.stringify(errors, null, 2)}\n`), names.nameOf(ERRORS_ENTRY, 'json'), { mtime });
}

async function rendered({ run, request }: RequestView, rendering: Rendering, runs: Runs): Promise<Buffer> {
  const transcript = await transcriptOf(run, request, runs);
  const { body } = renderTranscript(transcript, rendering.format, { ...rendering, title: request.fileName });
  return Buffer.from(body);
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
