import { ConnectionError } from './errors.ts';

/** A connection on which nothing has moved for this long is taken for dead. */
const STALL_MS = 60_000;

/** Aborts an exchange, with a ConnectionError, when it stands still: some connections break without a word. */
export class StallWatch {
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  readonly #url: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hasEnded = false;

  constructor(url: string, signal: AbortSignal | undefined) {
    this.#url = url;
    this.signal = signal ? AbortSignal.any([signal, this.#controller.signal]) : this.#controller.signal;
    this.moved();
  }

  /** A broken exchange may still read ahead after its end: that keeps no process alive. */
  moved(): void {
    clearTimeout(this.#timer);
    if (this.#hasEnded) return;
    const failure = () => new ConnectionError(this.#url, new Error(`nothing moved for ${STALL_MS / 1000} s`));
    this.#timer = setTimeout(() => this.#controller.abort(failure()), STALL_MS);
  }

  end(): void {
    this.#hasEnded = true;
    clearTimeout(this.#timer);
  }
}
