import type { RecordingSource, TranscribeOptions, UploadProgress } from '@sotto/client';
import { type Destination, preparedSource, type Sending } from '../../recordings/send-recording.ts';
import { untilAnswered } from '../../recordings/until-answered.ts';
import { refusalOf } from './report.ts';
import type { BatchSource } from './sources.ts';

export interface BatchSending {
  request: TranscribeOptions;
  signal: AbortSignal;
  /** @param fraction 0-1, of all bytes */
  onProgress(fraction: number): void;
  onRetry(failure: Error): void;
  /** Part of a large recording is there, and the next run can continue with it. */
  onLeftBehind(): void;
}

export interface SentBatch {
  batchId: string;
  /** In the order of the batch's items. */
  sources: BatchSource[];
}

interface Prepared {
  source: BatchSource;
  recording: RecordingSource;
}

/**
 * Sends recordings as one batch: large ones for a service far away first, each as a resumable upload, then all others in
 * one request. An interrupt meanwhile leaves no batch behind.
 * @throws SottoError of the service, CommandError when it accepts nothing, ConnectionError, the reason of the signal
 */
export async function sendBatch(
  destination: Destination,
  sources: readonly BatchSource[],
  sending: BatchSending,
): Promise<SentBatch> {
  const totalBytes = Math.max(1, sumOf(sources));
  const prepared: Prepared[] = [];
  const progressFrom = (storedBytes: number) => (progress: UploadProgress) =>
    sending.onProgress((storedBytes + progress.sentBytes) / totalBytes);
  for (const source of sources) {
    const onProgress = progressFrom(sumOf(prepared.filter(isStored).map((one) => one.source)));
    prepared.push({ source, recording: await recordingOf(source, { ...destination, ...sending, onProgress }) });
  }
  const inOrder = prepared.sort((a, b) => placeOf(a) - placeOf(b));
  const storedBytes = sumOf(inOrder.filter(isStored).map(({ source }) => source));
  const batchId = await create(destination, inOrder, sending, progressFrom(storedBytes));
  return { batchId, sources: inOrder.map(({ source }) => source) };
}

async function create(
  { client, uploads }: Destination,
  prepared: readonly Prepared[],
  { request, signal }: BatchSending,
  onProgress: (progress: UploadProgress) => void,
): Promise<string> {
  const answered = untilAnswered(signal);
  const onUploadProgress = (progress: UploadProgress): void => {
    onProgress(progress);
    if (progress.sentBytes === progress.totalBytes) answered.allSent();
  };
  const sources = prepared.map(({ source }) => source);
  const forgetUploads = async (): Promise<void> => {
    for (const { source } of prepared.filter(isStored)) await uploads?.forget(String(source.from));
  };
  try {
    if (prepared.every((one) => placeOf(one) > 0)) answered.allSent();
    const recordings = prepared.map(({ recording }) => recording);
    const call = { signal: answered.signal, onUploadProgress };
    const { batch_id: batchId } = await client.batches.create(recordings, request, call);
    await forgetUploads();
    return batchId;
  } catch (error) {
    const refusal = refusalOf(error, sources);
    // The service has looked at each of them: an upload that is used up must be sent anew.
    if (refusal !== null) await forgetUploads();
    throw refusal ?? error;
  } finally {
    answered.release();
  }
}

async function recordingOf({ from }: BatchSource, sending: Sending): Promise<RecordingSource> {
  return from instanceof URL ? from : preparedSource(from, sending);
}

const sumOf = (sources: readonly BatchSource[]): number => sources.reduce((sum, { bytes }) => sum + bytes, 0);

const isStored = ({ recording }: Prepared): boolean => 'uploadId' in recording;

/** The service lists files before addresses, and uploads after both. */
function placeOf({ recording }: Prepared): number {
  if (recording instanceof URL) return 1;
  return 'uploadId' in recording ? 2 : 0;
}
