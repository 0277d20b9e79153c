import { setTimeout as pause } from 'node:timers/promises';
import { LIVE_ENCODINGS, type LiveMark, type LiveOptions, SottoError, type StoredLiveEvent } from '@sotto/contracts';
import type { LiveEvents, LiveRefusal, LiveSession, LiveSessions } from '@sotto/queue';

/** While too much waits to be heard, it is asked again so often. */
const FULL_PAUSE_MS = 200;
/** More is stored in one step only where it came in one piece. */
const BATCH_BYTES = 32_768;
/** A session is not given up while its client is there. */
const TOUCH_MS = 5_000;

export interface LiveConnectionDeps {
  sessions: LiveSessions;
  events: LiveEvents;
}

/**
 * A client's hold on a live session: audio in, events out. Everything a door needs; it knows nothing of any protocol. Calls
 * take effect in the order in which they are made. Closing it ends nothing: the session waits for its client to come back
 * (LiveService.resume), and ends after `LIVE_IDLE`.
 */
export class LiveConnection {
  readonly #session: LiveSession;
  readonly #holder: string;
  readonly #deps: LiveConnectionDeps;
  readonly #closing = new AbortController();
  readonly #touching: NodeJS.Timeout;
  /** Bytes that were sent and are not stored yet. */
  #waiting: Buffer[] = [];
  #received: number;
  #work: Promise<unknown> = Promise.resolve();
  #failure: unknown = null;

  constructor(session: LiveSession, holder: string, deps: LiveConnectionDeps) {
    this.#session = session;
    this.#holder = holder;
    this.#deps = deps;
    this.#received = session.received;
    this.#touching = setInterval(() => void this.touch().catch(() => {}), TOUCH_MS);
  }

  get id(): string {
    return this.#session.id;
  }

  /** As the session was when this connection took it. */
  get session(): LiveSession {
    return this.#session;
  }

  /** Samples of the session that are stored, at the rate of its format: a client that comes back goes on from there. */
  get received(): number {
    return this.#received;
  }

  /**
   * Takes audio in the format of the session, in pieces of any size; half a sample waits for its other half. Resolves when
   * it is stored, later if more than a minute waits to be heard: a door that awaits it reads no faster than that.
   *
   * @throws SottoError `live_session_over`, `live_session_taken`, `queue_unavailable`, `live_audio_missing` (Redis has lost
   *   some: take the session again, and send everything from `received` on)
   */
  send(bytes: Buffer): Promise<void> {
    this.#waiting.push(bytes);
    return this.#next(() => this.#store());
  }

  /** The utterance is over, whatever is heard. Told with `committed`, and a last `final` if anybody spoke. @throws as send */
  commit(): Promise<void> {
    return this.#mark('commit');
  }

  /** What was said since the last utterance is not wanted. Told with `cleared`. @throws as send */
  clear(): Promise<void> {
    return this.#mark('clear');
  }

  /** Other options from about now on; model and format stay. @throws as send */
  change(options: LiveOptions): Promise<void> {
    return this.#next(async () => this.#mustTake(await this.#deps.sessions.change(this.#hold, options)));
  }

  /** The client is there, although it sends nothing. Done every few seconds as long as the connection is open. @throws as send */
  async touch(): Promise<void> {
    this.#mustTake(await this.#deps.sessions.change(this.#hold, null));
  }

  /** No more audio comes. What has come is still heard, and `ended` is the last event. @throws SottoError `queue_unavailable` */
  end(): Promise<void> {
    return this.#next(async () => {
      await this.#deps.sessions.close(this.id, 'client');
    });
  }

  /** Stored events after that one (null: all), then new ones, until `ended`, or the signal or `close` ends it. */
  events(afterId: string | null, signal: AbortSignal): AsyncGenerator<StoredLiveEvent, void> {
    return this.#deps.events.follow(this.id, afterId, AbortSignal.any([signal, this.#closing.signal]));
  }

  /** The client is gone. What it has sent is stored. */
  async close(): Promise<void> {
    clearInterval(this.#touching);
    this.#closing.abort();
    await this.#work.catch(() => {});
  }

  get #hold() {
    return { id: this.id, format: this.#session.format, holder: this.#holder };
  }

  /** One after the other; after a failure, nothing more is done. */
  #next(step: () => Promise<void>): Promise<void> {
    const done = this.#work.then(async () => {
      if (this.#failure !== null) throw this.#failure;
      await step();
    });
    this.#work = done.catch((error: unknown) => {
      this.#failure ??= error;
    });
    return done;
  }

  #mark(mark: LiveMark): Promise<void> {
    return this.#next(async () => this.#mustTake(await this.#deps.sessions.mark(this.#hold, mark)));
  }

  /** All that waits, which may be of several calls: the later ones find nothing to do. */
  async #store(): Promise<void> {
    const width = LIVE_ENCODINGS[this.#session.format.encoding];
    while (this.#waiting.length > 0) {
      const bytes = this.#takeBatch();
      const whole = bytes.subarray(0, bytes.length - (bytes.length % width));
      if (whole.length < bytes.length) this.#waiting.unshift(bytes.subarray(whole.length));
      if (whole.length === 0) return;
      await this.#append(whole);
    }
  }

  #takeBatch(): Buffer {
    let size = 0;
    let count = 0;
    for (const bytes of this.#waiting) {
      if (count > 0 && size + bytes.length > BATCH_BYTES) break;
      size += bytes.length;
      count += 1;
    }
    const batch = this.#waiting.splice(0, count);
    return batch.length === 1 && batch[0] !== undefined ? batch[0] : Buffer.concat(batch);
  }

  async #append(bytes: Buffer): Promise<void> {
    for (;;) {
      const reply = await this.#deps.sessions.append(this.#hold, this.#received, bytes);
      if (!('received' in reply)) return this.#mustTake(reply.answer);
      if (reply.answer === 'gap') {
        const detail = `Only ${reply.received} of ${this.#received} samples are known.`;
        throw new SottoError('live_audio_missing', detail);
      }
      this.#received = reply.received;
      if (reply.answer === 'appended') return;
      if (this.#closing.signal.aborted) throw new SottoError('service_full', 'Too much audio waits to be heard.');
      await pause(FULL_PAUSE_MS);
    }
  }

  #mustTake(answer: 'marked' | 'changed' | LiveRefusal): void {
    if (answer === 'gone') throw new SottoError('live_session_over', `Session ${this.id} is over.`);
    if (answer === 'taken') throw new SottoError('live_session_taken', `Session ${this.id} has another connection.`);
  }
}
