import { SottoClient, SottoError } from '@sotto/client';
import { config } from 'zod';
import type { LoadingMessage } from './message.ts';

/** Hours of talk are megabytes of JSON: read and checked here, they do not hold up the page. */
const SEGMENTS_AT_ONCE = 100;

config({ jitless: true });
const client = new SottoClient({ baseUrl: self.location.origin });
const tell = (message: LoadingMessage): void => self.postMessage(message);

self.addEventListener('message', async ({ data: itemId }: MessageEvent<string>) => {
  try {
    const { segments, ...transcript } = await client.library.transcript(itemId, { original: true });
    for (let at = 0; at < segments.length; at += SEGMENTS_AT_ONCE) {
      tell({ type: 'segments', segments: segments.slice(at, at + SEGMENTS_AT_ONCE) });
    }
    tell({ type: 'end', transcript });
  } catch (error) {
    if (error instanceof SottoError) {
      const { code, detail, retryAfterSeconds } = error;
      tell({ type: 'refused', code, detail, retryAfterSeconds });
    } else tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
});
