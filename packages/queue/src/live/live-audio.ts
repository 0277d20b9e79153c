import type { LiveMark } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { reach } from '../redis/faults.ts';

/** Entries that are read at once: some seconds, as clients send them. */
const PAGE = 40;

/** What a session's client has sent, in its order: samples, or something that it said between two of them. */
export type LiveInput =
  | { type: 'audio' /** Number of the first sample. */; at: number; bytes: Buffer }
  | { type: 'mark'; id: string /** Number of the sample before which it was said. */; at: number; mark: LiveMark };

/** Reads the audio of one session from a sample on, as it arrives. */
export class LiveAudio {
  readonly #redis: Redis;
  readonly #key: string;
  readonly #from: number;
  #lastId: string | null = null;

  constructor(redis: Redis, key: string, from: number) {
    this.#redis = redis;
    this.#key = key;
    this.#from = from;
  }

  /** What has come since the last call; at first, from the entry on that holds the first sample. Empty: nothing yet. */
  async next(): Promise<LiveInput[]> {
    const start = this.#lastId === null ? await this.#firstId() : `(${this.#lastId}`;
    const entries = await reach(this.#redis.xrangeBuffer(this.#key, start, '+', 'COUNT', PAGE));
    this.#lastId = entries.at(-1)?.[0].toString() ?? this.#lastId;
    return entries.map(([id, [name, value]]) => inputOf(id.toString(), String(name), value ?? Buffer.alloc(0)));
  }

  async #firstId(): Promise<string> {
    const [holding] = await reach(this.#redis.xrevrange(this.#key, `${this.#from + 1}`, '-', 'COUNT', 1));
    return holding?.[0] ?? '-';
  }
}

function inputOf(id: string, name: string, value: Buffer): LiveInput {
  const at = Number(id.split('-')[0]) - 1;
  return name === 'a'
    ? { type: 'audio', at, bytes: value }
    : { type: 'mark', id, at, mark: value.toString() as LiveMark };
}
