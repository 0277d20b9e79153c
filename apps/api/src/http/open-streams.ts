import { SottoError } from '@sotto/contracts';
import type { ApiSettings } from '../settings/settings.ts';

const RETRY_AFTER_SECONDS = 10;

/** The streams of events that are open in this process, of each caller and of all. */
export class OpenStreams {
  readonly #settings: Pick<ApiSettings, 'maxStreams' | 'maxStreamsPerKey'>;
  readonly #open = new Map<string, number>();
  #total = 0;

  constructor(settings: Pick<ApiSettings, 'maxStreams' | 'maxStreamsPerKey'>) {
    this.#settings = settings;
  }

  /**
   * @returns what ends it.
   * @throws SottoError `too_many_streams` when this caller has too many, `streams_full` when the process has.
   */
  open(subject: string): () => void {
    const { maxStreams, maxStreamsPerKey } = this.#settings;
    const own = this.#open.get(subject) ?? 0;
    const retry = { retryAfterSeconds: RETRY_AFTER_SECONDS };
    if (own >= maxStreamsPerKey) {
      throw new SottoError('too_many_streams', `${own} streams are open; close some.`, retry);
    }
    if (this.#total >= maxStreams) {
      throw new SottoError('streams_full', `${this.#total} streams are open here.`, retry);
    }
    this.#count(subject, 1);
    let isOpen = true;
    return () => {
      if (isOpen) this.#count(subject, -1);
      isOpen = false;
    };
  }

  #count(subject: string, more: 1 | -1): void {
    const own = (this.#open.get(subject) ?? 0) + more;
    if (own > 0) this.#open.set(subject, own);
    else this.#open.delete(subject);
    this.#total += more;
  }
}
