import type { ErrorCode } from '@sotto/client';
import { SottoError } from '@sotto/client';
import type { WireEditedSegment, WireEditedTranscript } from '@sotto/contracts/wire';
import type { LoadingMessage } from './message.ts';

/**
 * The transcript of an item as it was heard, loaded beside the page.
 *
 * @throws SottoError; Error where the service cannot be reached
 */
export function loadOriginal(itemId: string): Promise<WireEditedTranscript> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  const loaded = new Promise<WireEditedTranscript>((resolve, reject) => {
    const segments: WireEditedSegment[] = [];
    worker.addEventListener('error', (event) => reject(new Error(event.message)));
    worker.addEventListener('message', ({ data }: MessageEvent<LoadingMessage>) => {
      if (data.type === 'segments') segments.push(...data.segments);
      else if (data.type === 'end') resolve({ ...data.transcript, segments });
      else reject(errorOf(data));
    });
  });
  worker.postMessage(itemId);
  return loaded.finally(() => worker.terminate());
}

function errorOf(message: Extract<LoadingMessage, { type: 'refused' | 'failed' }>): Error {
  if (message.type === 'failed') return new Error(message.message);
  const { code, detail, retryAfterSeconds } = message;
  return new SottoError(code as ErrorCode, detail, { ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) });
}
