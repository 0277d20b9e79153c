import { basename } from 'node:path';
import type { TranscribeOptions as RequestOptions, ResultOf, SottoClient } from '@sotto/client';
import { fileSource } from '@sotto/client/node';
import type { Granularity, ResponseFormat, WireEvent } from '@sotto/contracts';
import { note } from '../terminal/output.ts';
import { ProgressBar } from '../terminal/progress-bar.ts';

export interface RecordingOptions {
  request: RequestOptions;
  format: ResponseFormat;
  granularity: Granularity;
  isQuiet: boolean;
  /** An interrupt does not cancel the job over there: somebody will ask for the same again. */
  leavesJob?: boolean;
  signal: AbortSignal;
}

/** Uploading a large file to a server far away is work too: it gets the first tenth of the bar. */
const UPLOAD_SHARE = 0.1;

/**
 * One recording through the service, with a bar on stderr. An interrupt cancels the job over there too.
 * @param source path of a file, or the address that the service is to fetch it from
 * @returns the transcript, rendered
 * @throws SottoError of the service, ConnectionError
 */
export async function transcribeRecording(
  client: SottoClient,
  source: string | URL,
  options: RecordingOptions,
): Promise<string | Uint8Array> {
  const { signal, format } = options;
  const name = basename(source instanceof URL ? source.pathname : source);
  const bar = options.isQuiet ? null : new ProgressBar(name);
  try {
    bar?.show(0, source instanceof URL ? 'fetching' : 'uploading');
    const recording = source instanceof URL ? source : await fileSource(source);
    const { job_id: jobId } = await client.submit(recording, options.request, {
      signal,
      onUploadProgress: ({ sentBytes, totalBytes }) =>
        bar?.show((UPLOAD_SHARE * sentBytes) / (totalBytes ?? Infinity), 'uploading'),
    });
    await finished(client, jobId, options, (event) => showEvent(bar, event));
    const result = await client.result(jobId, format, { signal, timestampGranularity: options.granularity });
    const { warnings = [] } = await client.status(jobId, { signal });
    bar?.end();
    for (const { detail } of warnings) note(`${name}: ${detail}`);
    return bodyOf(result);
  } finally {
    bar?.end();
  }
}

/** What is printed or written: text and bytes as they are, objects as JSON. */
export function bodyOf(result: ResultOf<ResponseFormat>): string | Uint8Array {
  return typeof result === 'string' || result instanceof Uint8Array ? result : JSON.stringify(result, null, 2);
}

async function finished(
  client: SottoClient,
  jobId: string,
  { signal, leavesJob = false }: RecordingOptions,
  onEvent: (event: WireEvent) => void,
): Promise<void> {
  try {
    await client.wait(jobId, { signal, onEvent });
  } catch (error) {
    // Nobody will read the result: do not let it cost anything. A service that is gone needs no cancelling.
    if (signal.aborted && !leavesJob) await client.cancel(jobId).catch(() => {});
    throw error;
  }
}

function showEvent(bar: ProgressBar | null, event: WireEvent): void {
  if (event.type === 'completed') bar?.show(1, 'done');
  if (event.type === 'progress') bar?.show(UPLOAD_SHARE + ((1 - UPLOAD_SHARE) * event.progress) / 100, event.stage);
}
