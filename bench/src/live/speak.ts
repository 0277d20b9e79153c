import { setTimeout as delay } from 'node:timers/promises';
import { type LiveEvent, type LiveTranscription, SottoClient } from '@sotto/client';
import { WebSocket } from 'ws';

export const CHUNK_MS = 100;
const SAMPLES_PER_MS = 16;

/** An event of a session, and when it arrived, in milliseconds since its first sample was said. */
export type Told = LiveEvent & { atMs: number };

export interface SpeakOptions {
  url: string;
  model: string;
  samples: Int16Array;
}

/** Says samples at their own pace, and gives all that is told of them. */
export async function speak({ url, model, samples }: SpeakOptions): Promise<Told[]> {
  const live = new SottoClient({ baseUrl: url }).live({ WebSocket, model, language: 'en' });
  const beganMs = performance.now();
  const sending = say(live, chunksOf(samples));
  const told: Told[] = [];
  for await (const event of live) told.push({ ...event, atMs: performance.now() - beganMs });
  await sending;
  return told;
}

/** As a microphone does: 100 ms are sent when their last one was said. null: it is muted, and nothing is sent. Then it ends. */
export async function say(live: LiveTranscription, chunks: Iterable<Int16Array | null>): Promise<void> {
  const beganMs = performance.now();
  let saidMs = 0;
  for (const said of chunks) {
    saidMs += said === null ? CHUNK_MS : said.length / SAMPLES_PER_MS;
    await delay(Math.max(0, beganMs + saidMs - performance.now()));
    if (said !== null) void live.send(new Uint8Array(said.buffer, said.byteOffset, said.byteLength));
  }
  live.end();
}

export function* chunksOf(samples: Int16Array): Generator<Int16Array> {
  const chunk = CHUNK_MS * SAMPLES_PER_MS;
  for (let at = 0; at < samples.length; at += chunk) yield samples.subarray(at, at + chunk);
}
