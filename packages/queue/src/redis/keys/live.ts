import { ANONYMOUS_KEY } from './access.ts';

/** Of live sessions. */
export class LiveKeys {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Hash: a LiveSession. */
  record(id: string): string {
    return `${this.stem}${id}`;
  }

  get stem(): string {
    return `${this.#prefix}:live:`;
  }

  /**
   * Stream: its audio that may still be needed, and what its client said in between. An entry's id is the number of its first
   * sample, plus one; marks come before the audio that begins there.
   */
  audio(id: string): string {
    return `${this.record(id)}:audio`;
  }

  /** Stream: its LiveEvents. */
  events(id: string): string {
    return `${this.record(id)}:events`;
  }

  /** Channel: a session has new events; the message `end` comes with the last one. */
  notifications(id: string): string {
    return `${this.record(id)}:notify`;
  }

  /**
   * Sorted sets: id -> end of its lease (0: nobody's) of every session that is not over. Those that are stored have one of
   * their own, which workers that cannot store them do not know.
   */
  leases(isStored: boolean): string {
    return `${this.#prefix}:live-leases${isStored ? ':stored' : ''}`;
  }

  /** Sorted set: id -> beginning of an API key's sessions that are not over. */
  ofKey(keyId: string | null): string {
    return `${this.#prefix}:live-of:${keyId ?? ANONYMOUS_KEY}`;
  }
}
