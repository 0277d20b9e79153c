import type { Response } from 'express';
import { type FetchOptions, fetchUpload } from '../uploads/fetch-upload.ts';
import { type Keep, namedRecording } from './named-recording.ts';
import type { ReceivedRecording } from './receive-files.ts';

const AT_ONCE = 4;

export interface FetchRecordingsOptions extends FetchOptions {
  keep: Keep;
}

/**
 * Fetches recordings, a few at once, in the order of their addresses. One that cannot be fetched does not affect the others.
 *
 * @throws SottoError that is our own fault; ClientGone.
 */
export async function fetchRecordings(
  urls: readonly URL[],
  response: Response,
  options: FetchRecordingsOptions,
): Promise<ReceivedRecording[]> {
  const recordings: ReceivedRecording[] = [];
  const rest = urls.entries();
  const fetchRest = async (): Promise<void> => {
    for (const [index, url] of rest) recordings[index] = await fetchOne(url, response, options);
  };
  const all = await Promise.allSettled(Array.from({ length: AT_ONCE }, fetchRest));
  const failed = all.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return recordings;
}

function fetchOne(
  url: URL,
  response: Response,
  { keep, ...options }: FetchRecordingsOptions,
): Promise<ReceivedRecording> {
  const named = { fileName: url.pathname.split('/').pop() ?? '', url: url.href };
  return namedRecording(named, () => fetchUpload(url, response, options), keep);
}
