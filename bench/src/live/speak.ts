import { setTimeout as delay } from 'node:timers/promises';
import { type LiveEvent, SottoClient } from '@sotto/client';
import { WebSocket } from 'ws';

const CHUNK_MS = 100;
const SAMPLES_PER_MS = 16;

/** An event of a session, and when it arrived, in milliseconds since its first sample was said. */
export type Told = LiveEvent & { atMs: number };

export interface SpeakOptions {
  url: string;
  model: string;
  samples: Int16Array;
}

/** Says samples at their own pace, as a microphone does: 100 ms are sent when their last one was said. */
export async function speak({ url, model, samples }: SpeakOptions): Promise<Told[]> {
  const live = new SottoClient({ baseUrl: url }).live({ WebSocket, model, language: 'en' });
  const beganMs = performance.now();
  const sending = (async () => {
    const chunk = CHUNK_MS * SAMPLES_PER_MS;
    for (let at = 0; at < samples.length; at += chunk) {
      const said = samples.subarray(at, at + chunk);
      await delay(Math.max(0, beganMs + (at + said.length) / SAMPLES_PER_MS - performance.now()));
      void live.send(new Uint8Array(said.buffer, said.byteOffset, said.byteLength));
    }
    live.end();
  })();
  const told: Told[] = [];
  for await (const event of live) told.push({ ...event, atMs: performance.now() - beganMs });
  await sending;
  return told;
}
