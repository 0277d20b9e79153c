/** `client.live` against a real API and worker, over a line that breaks. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  BrokenLine,
  comparableWords,
  concat,
  pause,
  type Service,
  speak,
  startService,
  waitFor,
  wordErrorRate,
} from '@sotto/testkit';
import { WebSocket } from 'ws';
import { type LiveEvent, type LiveTranscription, SottoClient } from '../src/index.ts';

jest.setTimeout(120_000);

const SAID = ['hello world one two three', 'four five six seven'];
const VOICE = { voice: 'en-us', speed: 130 };
const CHUNK_BYTES = 3_200;

let service: Service;
let line: BrokenLine;
let pcm: Uint8Array;

beforeAll(async () => {
  // One at a time: whoever comes back is not one more.
  service = await startService({ roles: [['transcribe']], workerEnv: { LIVE_SESSIONS: '1' } });
  const spoken = await Promise.all(SAID.map((text) => speak(text, VOICE)));
  const samples = concat(...spoken.flatMap((one) => [one.samples, pause(900)]));
  pcm = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
});
afterAll(() => service?.close());
beforeEach(async () => {
  line = await BrokenLine.to(service.url);
});
afterEach(() => line.close());

interface Spoken {
  live: LiveTranscription;
  told: LiveEvent[];
  /** Milliseconds of audio that were sent. */
  spokenMs(): number;
  /** Everything is said and heard. */
  done: Promise<void>;
}

/** Speaks at its own pace, as a microphone does, whatever becomes of the connection. */
function speakOver(url: string): Spoken {
  const live = new SottoClient({ baseUrl: url }).live({ WebSocket, language: 'en' });
  const told: LiveEvent[] = [];
  const listening = (async () => {
    for await (const event of live) told.push(event);
  })();
  let spokenMs = 0;
  const speaking = (async () => {
    const beganMs = performance.now();
    for (let at = 0; at < pcm.length; at += CHUNK_BYTES) {
      await delay(Math.max(0, beganMs + at / 32 - performance.now()));
      void live.send(pcm.subarray(at, at + CHUNK_BYTES));
      spokenMs = at / 32;
    }
    live.end();
  })();
  return { live, told, spokenMs: () => spokenMs, done: Promise.all([listening, speaking]).then(() => {}) };
}

const finals = (told: readonly LiveEvent[]) => told.flatMap((event) => (event.type === 'final' ? [event] : []));
const textOf = (told: readonly LiveEvent[]) =>
  finals(told)
    .map(({ text }) => text)
    .join(' ');

/** All of the audio was heard, once; nothing was told twice, and every word in its order. */
function expectWhole(told: readonly LiveEvent[]): void {
  expect(told.at(-1)).toMatchObject({ type: 'ended', reason: 'client', heard: Math.floor(pcm.length / 32) / 1_000 });
  const ids = told.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(finals(told).flatMap(({ utterance, is_last }) => (is_last ? [utterance] : []))).toEqual([0, 1]);
  const starts = finals(told).flatMap(({ words }) => words.map(({ start }) => start));
  expect(starts).toEqual([...starts].sort((a, b) => a - b));
  expect(comparableWords(textOf(told)).length).toBeGreaterThan(5);
  expect(wordErrorRate(SAID.join(' '), textOf(told))).toBeLessThan(0.35);
}

const somethingTold = (told: LiveEvent[]) =>
  waitFor(() => told.some(({ type }) => type === 'partial'), { what: 'the first words', timeoutMs: 30_000 });

describe('client.live', () => {
  it('tells what is said while it is said', async () => {
    const { told, done } = speakOver(line.url);
    await done;
    expectWhole(told);
  });

  it('goes on when the connection breaks, again and again', async () => {
    const { told, done } = speakOver(line.url);
    await somethingTold(told);
    line.cutAfter(20_000, 10_001, 5_000);
    await done;
    expectWhole(told);
  });

  it('goes on with another API when one is killed in the middle', async () => {
    const dying = await service.addApi();
    line.leadTo(dying.url);
    const { told, done } = speakOver(line.url);
    await somethingTold(told);
    line.leadTo(service.url);
    await dying.process.kill9();
    await done;
    expectWhole(told);
  });

  it('goes on when there is no API for a moment', async () => {
    const { told, spokenMs, done } = speakOver(line.url);
    await somethingTold(told);
    await line.refuse();
    const fromMs = spokenMs();
    await waitFor(() => spokenMs() > fromMs + 700, { what: 'more to be said' });
    await line.restore();
    await done;
    expectWhole(told);
  });

  it('says that there is no room for one more, and when to try again', async () => {
    const { live, told, done } = speakOver(line.url);
    await waitFor(() => live.sessionId !== null, { what: 'the first session' });
    const second = new SottoClient({ baseUrl: line.url }).live({ WebSocket })[Symbol.asyncIterator]();
    await expect(second.next()).rejects.toMatchObject({ code: 'live_full', retryAfterSeconds: 10 });
    await done;
    expectWhole(told);
  });
});
