import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { ffmpeg } from './command.ts';
import { REPOSITORY } from './folders.ts';
import { Service } from './service.ts';
import { waitFor } from './wait-for.ts';

export interface CrowdOptions {
  /** Folder of tiny.en. */
  modelDir: string;
  longSeconds: number;
  tenMinuteFiles: number;
}

interface Clip {
  text: string;
  /** From its arrival to its answer. */
  tookMs: number;
}

const KEYS = { ENABLE_API_KEY: 'true', API_KEY: 'key-with-much-work', ADMIN_API_KEY: 'key-with-a-clip' };
/** Real speech, 11 s, "And so, my fellow Americans"; it comes with the engine's sources. */
const JFK = join(REPOSITORY, 'packages/whisper/node_modules/nodejs-whisper/cpp/whisper.cpp/samples/jfk.mp3');
const CLIP_SECONDS = 3;
/** Nobody looks for speech in it, so hours are decoded in seconds. */
const AT_ONCE = { vad: 'false', hallucination_filter: 'off' };

/**
 * A service that one key keeps busy, with a very long recording and many of ten minutes, while another sends clips of
 * three seconds: what fair order is about.
 */
export class Crowd {
  readonly service: Service;
  readonly #options: CrowdOptions;
  readonly #jobs: string[] = [];
  readonly #clip: Uint8Array;
  readonly #redis: Redis;

  private constructor(service: Service, clip: Uint8Array, options: CrowdOptions) {
    this.service = service;
    this.#clip = clip;
    this.#redis = service.redis.client();
    this.#options = options;
  }

  static async start(options: CrowdOptions): Promise<Crowd> {
    const env = { MAX_DURATION: String(options.longSeconds + 600), LOG_LEVEL: 'WARNING' };
    const service = await Service.start({ modelDir: options.modelDir, model: 'tiny.en', env, apiEnv: KEYS });
    return new Crowd(service, await loopedSpeech(CLIP_SECONDS, service.folder), options);
  }

  /** Resolves when windows of the ten-minute files are being made, while the long one is decoded. */
  async gather(): Promise<void> {
    const { longSeconds, tenMinuteFiles } = this.#options;
    await this.#submit(await loopedSpeech(longSeconds, this.service.folder));
    const tenMinutes = await loopedSpeech(600, this.service.folder);
    for (let i = 0; i < tenMinuteFiles; i += 1) await this.#submit(tenMinutes, AT_ONCE);
    await waitFor(async () => (await this.windowTimesMs()).length >= 3, { what: 'windows', timeoutMs: 120_000 });
  }

  /** Another long one takes the place of the first, whose decoding takes minutes; resolves when it has its windows. */
  async longHasWindows(): Promise<void> {
    const [first = ''] = this.#jobs;
    await this.#cancel(first);
    await this.#submit(await loopedSpeech(this.#options.longSeconds, this.service.folder), AT_ONCE);
    await waitFor(async () => (await this.stageOfLong()) === 'transcribing', {
      what: 'the plan of the long recording',
      timeoutMs: 120_000,
    });
  }

  /** Of the long one that was sent last. */
  async stageOfLong(): Promise<unknown> {
    const long = this.#jobs[this.#options.tenMinuteFiles + 1] ?? this.#jobs[0];
    return (await this.#statusOf(long ?? '')).stage;
  }

  /** Of the last ten-minute files. */
  async lastStatuses(count: number): Promise<Record<string, unknown>[]> {
    const files = this.#jobs.slice(1, this.#options.tenMinuteFiles + 1);
    return Promise.all(files.slice(-count).map((job) => this.#statusOf(job)));
  }

  async #statusOf(job: string): Promise<Record<string, unknown>> {
    return answered(await this.#call('API_KEY', `/status/${job}`));
  }

  /** The other key's clip, as one request that waits for its text. */
  async clip(): Promise<Clip> {
    const startedMs = performance.now();
    const { text } = await answered(await this.#post('ADMIN_API_KEY', this.#clip, { cache: 'false' }));
    return { text: String(text), tookMs: performance.now() - startedMs };
  }

  /** What windows of the crowd took, as the engine measured them in this very run. */
  async windowTimesMs(): Promise<number[]> {
    const { prefix } = this.service;
    const runs = await Promise.all(this.#jobs.map((job) => this.#redis.hget(`${prefix}:request:${job}`, 'runId')));
    const results = await Promise.all(runs.map((run) => this.#redis.hvals(`${prefix}:run:${run}:windows`)));
    return results.flat().map((json) => (JSON.parse(json) as { engineMs: number }).engineMs);
  }

  /** Cancels what is not done, and stops everything. */
  async close(): Promise<void> {
    for (const job of this.#jobs) await this.#cancel(job);
    await this.service.close();
  }

  async #cancel(job: string): Promise<void> {
    await this.#call('API_KEY', `/jobs/${job}`, { method: 'DELETE' });
  }

  async #submit(bytes: Uint8Array, fields: Record<string, string> = {}): Promise<void> {
    const reply = await this.#post('API_KEY', bytes, { ...fields, async: 'true', cache: 'false' });
    this.#jobs.push(String((await answered(reply)).job_id));
  }

  #post(key: 'API_KEY' | 'ADMIN_API_KEY', bytes: Uint8Array, fields: Record<string, string>): Promise<Response> {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    body.set('file', new Blob([new Uint8Array(bytes)]), 'speech.mp3');
    return this.#call(key, '/transcribe', { method: 'POST', body });
  }

  #call(key: 'API_KEY' | 'ADMIN_API_KEY', path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(this.service.url + path, { ...init, headers: { 'X-API-Key': KEYS[key] } });
  }
}

async function answered(response: Response): Promise<Record<string, unknown>> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${text.slice(0, 300)}`);
  return JSON.parse(text) as Record<string, unknown>;
}

/** So much of the speech, over and over; its frames are copied, so hours of it are made at once. */
async function loopedSpeech(seconds: number, folder: string): Promise<Uint8Array> {
  const path = join(folder, `${seconds}.mp3`);
  await ffmpeg('-stream_loop', '-1', '-i', JFK, '-t', String(seconds), '-c', 'copy', path);
  return readFile(path);
}
