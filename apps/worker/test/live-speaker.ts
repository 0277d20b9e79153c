import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type LiveEvent, type LiveFormat, liveOptionsSchema, type StoredLiveEvent } from '@sotto/contracts';
import {
  connectRedis,
  disconnect,
  LiveEvents,
  type LiveRecording,
  LiveSessions,
  type QueueSettings,
} from '@sotto/queue';
import type { Redis } from 'ioredis';

const CHUNK_MS = 100;
const FORMAT: LiveFormat = { encoding: 'pcm_s16le', sampleRate: 16_000 };
const OPTIONS = liveOptionsSchema.parse({ language: 'en', model: null, prompt: null, endpointing: {} });

export interface Told extends StoredLiveEvent {
  /** Since the first sample was sent. */
  atMs: number;
}

/** Speaks to the workers of a fleet as a door would, and follows what they tell. */
export class LiveSpeaker {
  readonly id = randomUUID();
  readonly told: Told[] = [];
  readonly sessions: LiveSessions;
  readonly #redis: Redis;
  readonly #subscriber: Redis;
  readonly #following: Promise<void>;
  readonly #recording: LiveRecording | null;
  readonly #prefix: string;
  #startedMs = 0;

  constructor(redisUrl: string, settings: QueueSettings, recording: LiveRecording | null = null) {
    this.#redis = connectRedis(redisUrl, 'worker');
    this.#subscriber = connectRedis(redisUrl, 'worker');
    this.sessions = new LiveSessions(this.#redis, settings);
    this.#prefix = settings.prefix;
    this.#recording = recording;
    this.#following = this.#follow(new LiveEvents(this.#redis, this.#subscriber, settings));
  }

  /** Resolves when the session is open. */
  async open(): Promise<void> {
    const session = { id: this.id, keyId: null, format: FORMAT, options: OPTIONS };
    const held = { openUploads: null, heldBytes: null };
    const limits = { maxSessions: 100, maxOfModel: 100, maxStored: 100, maxOfKey: null, held };
    await this.sessions.open({ ...session, recording: this.#recording, holder: 'speaker' }, limits);
    this.#startedMs = performance.now();
  }

  /** Sends samples from a place on at the pace at which they were spoken, in pieces of 100 ms. */
  async say(bytes: Buffer, { fromMs = 0, toMs = Number.POSITIVE_INFINITY } = {}): Promise<void> {
    const bytesPerMs = (FORMAT.sampleRate / 1_000) * 2;
    const endMs = Math.min(toMs, bytes.length / bytesPerMs);
    const beganMs = performance.now();
    for (let atMs = fromMs; atMs < endMs; atMs += CHUNK_MS) {
      await delay(Math.max(0, beganMs + atMs - fromMs - performance.now()));
      const chunk = bytes.subarray(atMs * bytesPerMs, Math.min(atMs + CHUNK_MS, endMs) * bytesPerMs);
      const session = { id: this.id, format: FORMAT, holder: 'speaker' };
      const answer = await this.sessions.append(session, (atMs * FORMAT.sampleRate) / 1_000, chunk);
      if (answer.answer !== 'appended') throw new Error(`the audio was not taken: ${JSON.stringify(answer)}`);
    }
  }

  /** Since the first sample was sent. */
  get nowMs(): number {
    return performance.now() - this.#startedMs;
  }

  /** The worker that hears it. */
  async owner(): Promise<string> {
    return (await this.#redis.hget(`${this.#prefix}:live:${this.id}`, 'owner')) ?? '';
  }

  /** No more is said. Resolves with everything that was told. */
  async end(): Promise<Told[]> {
    await this.sessions.close(this.id, 'client');
    await this.#following;
    return this.told;
  }

  async close(): Promise<void> {
    await Promise.all([disconnect(this.#redis), disconnect(this.#subscriber)]);
  }

  async #follow(events: LiveEvents): Promise<void> {
    const { signal } = new AbortController();
    let last: string | null = null;
    for (;;) {
      // Before the session is open there is nothing to follow.
      for await (const stored of events.follow(this.id, last, signal)) {
        this.told.push({ ...stored, atMs: this.nowMs });
        last = stored.id;
        if (stored.event.type === 'ended') return;
      }
      await delay(20);
    }
  }
}

export const finalsOf = (told: readonly { event: LiveEvent }[]) =>
  told.flatMap(({ event }) => (event.type === 'final' ? [event] : []));

export const finalText = (told: readonly { event: LiveEvent }[]): string =>
  finalsOf(told)
    .flatMap(({ words }) => words)
    .map(({ word }) => word)
    .join('')
    .trim();
