import { basename } from 'node:path';
import type { TranscribeOptions as RequestOptions, SottoClient } from '@sotto/client';
import { fileSource } from '@sotto/client/node';
import type { Granularity, ResponseFormat, WireEvent } from '@sotto/contracts';
import { note } from '../terminal/output.ts';
import { ProgressBar } from '../terminal/progress-bar.ts';

export interface RecordingOptions {
  request: RequestOptions;
  format: ResponseFormat;
  granularity: Granularity;
  isQuiet: boolean;
  signal: AbortSignal;
}

/** Uploading a large file to a server far away is work too: it gets the first tenth of the bar. */
const UPLOAD_SHARE = 0.1;

/**
 * One recording through the service, with a bar on stderr. An interrupt also cancels the job over there.
 * @returns the transcript, rendered
 * @throws SottoError of the service, ConnectionError
 */
export async function transcribeRecording(
  client: SottoClient,
  path: string,
  options: RecordingOptions,
): Promise<string | Uint8Array> {
  const { signal, format } = options;
  const bar = options.isQuiet ? null : new ProgressBar(basename(path));
  try {
    bar?.show(0, 'uploading');
    const { job_id: jobId } = await client.submit(await fileSource(path), options.request, {
      signal,
      onUploadProgress: ({ sentBytes, totalBytes }) =>
        bar?.show((UPLOAD_SHARE * sentBytes) / (totalBytes ?? Infinity), 'uploading'),
    });
    await finished(client, jobId, signal, (event) => showEvent(bar, event));
    const result = await client.result(jobId, format, { signal, timestampGranularity: options.granularity });
    const { warnings = [] } = await client.status(jobId, { signal });
    bar?.end();
    for (const { detail } of warnings) note(`${basename(path)}: ${detail}`);
    return typeof result === 'string' || result instanceof Uint8Array ? result : JSON.stringify(result, null, 2);
  } finally {
    bar?.end();
  }
}

async function finished(
  client: SottoClient,
  jobId: string,
  signal: AbortSignal,
  onEvent: (event: WireEvent) => void,
): Promise<void> {
  try {
    await client.wait(jobId, { signal, onEvent });
  } catch (error) {
    // Nobody will read the result: do not let it cost anything. A service that is gone needs no cancelling.
    if (signal.aborted) await client.cancel(jobId).catch(() => {});
    throw error;
  }
}

function showEvent(bar: ProgressBar | null, event: WireEvent): void {
  if (event.type === 'completed') bar?.show(1, 'done');
  if (event.type === 'progress') bar?.show(UPLOAD_SHARE + ((1 - UPLOAD_SHARE) * event.progress) / 100, event.stage);
}
