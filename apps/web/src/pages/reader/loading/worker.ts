import { ConnectionError, SottoClient, SottoError } from '@sotto/client';
import { fromWireSegment, fromWireSpeakers } from '@sotto/transcript';
import { config } from 'zod';
import type { LoadingMessage, LoadingRequest } from './message.ts';

/** Hours of talk are megabytes of JSON: read and checked here, they do not hold up the page. */
const SEGMENTS_AT_ONCE = 100;

config({ jitless: true });
const client = new SottoClient({ baseUrl: self.location.origin });
const tell = (message: LoadingMessage): void => self.postMessage(message);

self.addEventListener('message', async ({ data: request }: MessageEvent<LoadingRequest>) => {
  try {
    const { segments, speakers } = await ('token' in request
      ? client.library.sharedTranscript(request.token)
      : client.library.transcript(request.itemId, { original: request.original }));
    for (let at = 0; at < segments.length; at += SEGMENTS_AT_ONCE) {
      tell({ type: 'segments', segments: segments.slice(at, at + SEGMENTS_AT_ONCE).map(fromWireSegment) });
    }
    tell({ type: 'end', speakers: fromWireSpeakers(speakers) });
  } catch (error) {
    if (error instanceof SottoError) {
      const { code, detail, retryAfterSeconds } = error;
      tell({ type: 'refused', code, detail, retryAfterSeconds });
    } else if (error instanceof ConnectionError) tell({ type: 'away' });
    else tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
});
