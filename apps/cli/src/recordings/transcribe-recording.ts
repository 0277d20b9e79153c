import { basename } from 'node:path';
import type { TranscribeOptions as RequestOptions, ResultOf, SottoClient, UploadProgress } from '@sotto/client';
import type { Granularity, ResponseFormat, WireEvent } from '@sotto/contracts';
import { note } from '../terminal/output.ts';
import { ProgressBar } from '../terminal/progress-bar.ts';
import { nameOfAddress } from './address.ts';
import { type Destination, isSpent, preparedSource } from './send-recording.ts';
import { untilAnswered } from './until-answered.ts';

/** How a recording becomes a job that has ended. */
export interface JobOptions {
  request: RequestOptions;
  isQuiet: boolean;
  /** An interrupt does not cancel the job over there: somebody will ask for the same again. */
  leavesJob?: boolean;
  signal: AbortSignal;
}

export interface RecordingOptions extends JobOptions {
  format: ResponseFormat;
  granularity: Granularity;
}

/** Uploading a large file to a service far away is work too: it gets the first tenth of the bar. */
export const UPLOAD_SHARE = 0.1;

export const CONTINUES = 'The same command continues this upload.';

/**
 * One recording through the service, with a bar on stderr. An interrupt cancels the job over there too.
 * @param source path of a file, or the address that the service is to fetch it from
 * @returns the transcript, rendered
 * @throws SottoError of the service, ConnectionError
 */
export async function transcribeRecording(
  destination: Destination,
  source: string | URL,
  options: RecordingOptions,
): Promise<string | Uint8Array> {
  const { signal, format, granularity: timestampGranularity } = options;
  const jobId = await transcribedJob(destination, source, options);
  return bodyOf(await destination.client.result(jobId, format, { signal, timestampGranularity }));
}

/** The same without its transcript. @returns the id of the job, which is completed */
export async function transcribedJob(
  { client, uploads }: Destination,
  source: string | URL,
  options: JobOptions,
): Promise<string> {
  const { signal } = options;
  const name = source instanceof URL ? nameOfAddress(source) : basename(source);
  const bar = options.isQuiet ? null : new ProgressBar(name);
  try {
    bar?.show(0, source instanceof URL ? 'fetching' : 'uploading');
    const jobId = await submitted({ client, uploads }, source, options, bar);
    await finished(client, jobId, options, (event) => showEvent(bar, event));
    const { warnings = [] } = await client.status(jobId, { signal });
    bar?.end();
    for (const { detail } of warnings) note(`${name}: ${detail}`);
    return jobId;
  } finally {
    bar?.end();
  }
}

/** What is printed or written: text and bytes as they are, objects as JSON. */
export function bodyOf(result: ResultOf<ResponseFormat>): string | Uint8Array {
  return typeof result === 'string' || result instanceof Uint8Array ? result : JSON.stringify(result, null, 2);
}

/** An upload of an earlier run may have become a job without anybody having been told: then once more, from the start. */
async function submitted(
  destination: Destination,
  source: string | URL,
  options: JobOptions,
  bar: ProgressBar | null,
): Promise<string> {
  if (source instanceof URL) return submit(destination, source, options, bar);
  try {
    return await submit(destination, source, options, bar);
  } catch (error) {
    if (destination.uploads === null || !isSpent(error)) throw error;
    await destination.uploads.forget(source);
    return submit(destination, source, options, bar);
  }
}

async function submit(
  { client, uploads }: Destination,
  source: string | URL,
  { request, signal }: JobOptions,
  bar: ProgressBar | null,
): Promise<string> {
  const showUpload = ({ sentBytes, totalBytes }: UploadProgress) =>
    bar?.show((UPLOAD_SHARE * sentBytes) / (totalBytes ?? Infinity), 'uploading');
  const recording =
    source instanceof URL
      ? source
      : await preparedSource(source, {
          client,
          uploads,
          signal,
          onProgress: showUpload,
          onRetry: ({ message }) => bar?.say(`${message}; trying again`),
          onLeftBehind: () => bar !== null && note(CONTINUES),
        });
  const sending = untilAnswered(signal);
  try {
    if (recording instanceof URL || 'uploadId' in recording) sending.allSent();
    const onUploadProgress = (progress: UploadProgress) => {
      showUpload(progress);
      if (progress.sentBytes === progress.totalBytes) sending.allSent();
    };
    const { job_id: jobId } = await client.submit(recording, request, { signal: sending.signal, onUploadProgress });
    if (typeof source === 'string') await uploads?.forget(source);
    return jobId;
  } finally {
    sending.release();
  }
}

async function finished(
  client: SottoClient,
  jobId: string,
  { signal, leavesJob = false }: JobOptions,
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
