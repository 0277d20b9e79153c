import type { ErrorCode } from '@sotto/client';
import { ConnectionError, SottoError } from '@sotto/client';
import { type EditedSegment, type EditedTranscript, uneditedOf } from '@sotto/transcript';
import type { LoadingMessage, LoadingRequest } from './message.ts';

/**
 * A transcript, loaded beside the page.
 *
 * @throws SottoError; Error where the service cannot be reached
 */
export function loadTranscript(request: LoadingRequest, signal: AbortSignal): Promise<EditedTranscript> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  const loaded = new Promise<EditedTranscript>((resolve, reject) => {
    const segments: EditedSegment[] = [];
    signal.addEventListener('abort', () => reject(signal.reason));
    worker.addEventListener('error', (event) => reject(new Error(event.message)));
    worker.addEventListener('message', ({ data }: MessageEvent<LoadingMessage>) => {
      if (data.type === 'segments') segments.push(...data.segments);
      else if (data.type === 'end') resolve(uneditedOf(segments, data.speakers));
      else reject(errorOf(data));
    });
  });
  worker.postMessage(request);
  return loaded.finally(() => worker.terminate());
}

function errorOf(message: Extract<LoadingMessage, { type: 'refused' | 'away' | 'failed' }>): Error {
  if (message.type === 'away') return new ConnectionError(window.location.origin, null);
  if (message.type === 'failed') return new Error(message.message);
  const { code, detail, retryAfterSeconds } = message;
  return new SottoError(code as ErrorCode, detail, { ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) });
}
