import { SottoError, type WireLiveEvent, type WireLiveMessage, type WireLiveOpening } from '#wire';
import { Backoff } from './backoff.ts';
import { ConnectionError } from './errors.ts';
import type { Http } from './http.ts';
import { LiveLine, type WebSocketClass } from './live-line.ts';
import { LiveOutbox } from './live-outbox.ts';

const PATH = '/live';
/** As long as the service waits for its client. */
const GIVE_UP_AFTER_MS = 60_000;
/** While audio is not acknowledged, the service is heard of more often. */
const SILENT_MS = 20_000;
/** A connection that has lasted so long was a good one: what breaks it is something new. */
const GOOD_MS = 5_000;
/** `send` resolves when less than that waits. */
const MOST_WAITING_SECONDS = 10;
const USUAL_RATE = 16_000;

type Start = Extract<WireLiveOpening, { type: 'start' }>;
type Format = NonNullable<Start['format']>;
type Update = Extract<WireLiveMessage, { type: 'update' }>;

/** As in the message `start` of docs/live.md. */
export interface LiveOptions extends Omit<Start, 'type' | 'format'> {
  /** Samples only: a recording that breaks off could not be gone on with. */
  format?: { encoding: Exclude<Format['encoding'], 'opus'>; sample_rate?: Format['sample_rate'] } | undefined;
  /**
   * Goes on with a session of another process, such as this page before it was loaded again, in its format. Its options stay
   * as they are. `lastEventId`: events after it are told; null: all of them. `fromSample`: number of the first sample that
   * will be sent; what the service has already is left out.
   */
  resume?: { sessionId: string; lastEventId: string | null; fromSample: number } | undefined;
  /** A connection is there and the service hears, or it is broken and will be made again. */
  onConnection?: ((isOpen: boolean) => void) | undefined;
  /** Leaves the session, which ends. */
  signal?: AbortSignal | undefined;
  /** Where the platform has none, as Node before 22: that of the package `ws`. */
  WebSocket?: WebSocketClass | undefined;
}

/** What is told of a session; its connections are nothing that its user has to know of. */
export type LiveEvent = Exclude<WireLiveEvent, { type: 'session' | 'acknowledged' | 'error' }>;

/**
 * Text while somebody speaks: audio goes in with `send`, events come out by `for await`. A connection that breaks is made
 * again; the service says what it has, and gets and tells the rest: no word is lost or told twice.
 *
 * connecting -> open -> (connection broken) -> connecting -> open -> ... -> over after `ended`, or failed
 */
export class LiveTranscription implements AsyncIterable<LiveEvent> {
  readonly #http: Http;
  readonly #start: Start;
  readonly #WebSocket: WebSocketClass;
  readonly #signal: AbortSignal | undefined;
  readonly #outbox: LiveOutbox;
  readonly #mostWaiting: number;
  readonly #silentMs: number;
  readonly #backoff = new Backoff(GIVE_UP_AFTER_MS);
  readonly #leave = () => this.#fail(this.#signal?.reason);
  readonly #events: LiveEvent[] = [];
  /** null: there is none at the moment. */
  #line: LiveLine | null = null;
  readonly #onConnection: (isOpen: boolean) => void;
  #isReady = false;
  #readySinceMs = 0;
  #sessionId: string | null = null;
  #jobId: string | null = null;
  #lastEventId: string | null = null;
  #failure: { reason: unknown } | null = null;
  #isOver = false;
  #wake: () => void = () => {};
  #drained: (() => void)[] = [];

  /** @throws TypeError where there is no WebSocket */
  constructor(http: Http, options: LiveOptions, silentMs = SILENT_MS) {
    const { signal, WebSocket = platformSocket(), resume, onConnection = () => {}, ...asked } = options;
    if (WebSocket === undefined) throw new TypeError('There is no WebSocket here: give that of `ws` with the options.');
    const { encoding = 'pcm_s16le', sample_rate: rate = USUAL_RATE } = asked.format ?? {};
    this.#http = http;
    this.#start = { type: 'start', ...asked };
    this.#WebSocket = WebSocket;
    this.#signal = signal;
    this.#onConnection = onConnection;
    this.#sessionId = resume?.sessionId ?? null;
    this.#lastEventId = resume?.lastEventId ?? null;
    this.#outbox = new LiveOutbox(encoding === 'pcm_s16le' ? 2 : 1, resume?.fromSample);
    this.#silentMs = silentMs;
    this.#mostWaiting = MOST_WAITING_SECONDS * rate;
    signal?.addEventListener('abort', this.#leave, { once: true });
    if (signal?.aborted) this.#leave();
    else this.#connect();
  }

  /** null: it is not open yet. */
  get sessionId(): string | null {
    return this.#sessionId;
  }

  /** Number of the first sample that the service has not said to have: what is before need not be kept any more. */
  get acknowledgedSamples(): number {
    return this.#outbox.acknowledgedSamples;
  }

  /** Of the job that the recording becomes with `final_pass`, when the session is over; null: none, or it is not open yet. */
  get jobId(): string | null {
    return this.#jobId;
  }

  /**
   * Audio in the format of the session, in pieces of any size. Resolves when less than ten seconds of it are on their way: a
   * source that can wait, such as a file, awaits it; a microphone need not. Never rejects: a failure is the iteration's.
   *
   * @throws RangeError when the service has taken nothing for two minutes
   */
  async send(bytes: Uint8Array): Promise<void> {
    if (this.#hasEnded) return;
    this.#outbox.addAudio(bytes);
    this.#flush();
    while (!this.#hasEnded && this.#outbox.waitingSamples > this.#mostWaiting) {
      await new Promise<void>((resolve) => this.#drained.push(resolve));
    }
  }

  /** The utterance is over now. */
  commit(): void {
    this.#say({ type: 'commit' });
  }

  /** What was said since the last utterance is not wanted. */
  clear(): void {
    this.#say({ type: 'clear' });
  }

  /** Other options from about now on; those that are left out have their defaults. */
  update(options: Omit<Update, 'type'>): void {
    this.#say({ type: 'update', ...options });
  }

  /** No more is said; the rest is heard, and the iteration ends after `ended`. */
  end(): void {
    this.#say({ type: 'end' });
  }

  /**
   * Each event once and in order, until `ended`. Whoever leaves it earlier ends the session.
   *
   * @throws SottoError, as in docs/live.md; ConnectionError when the service cannot be reached for a minute; the signal's reason
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<LiveEvent, void> {
    try {
      for (;;) {
        const event = this.#events.shift();
        if (event !== undefined) yield event;
        else if (this.#failure !== null) throw this.#failure.reason;
        else if (this.#isOver) return;
        else
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
      }
    } finally {
      this.#fail(new Error('the session was left'));
    }
  }

  get #hasEnded(): boolean {
    return this.#isOver || this.#failure !== null;
  }

  #say(message: WireLiveMessage): void {
    this.#outbox.addMessage(JSON.stringify(message));
    this.#flush();
  }

  #connect(): void {
    this.#line = new LiveLine({
      url: this.#http.socketUrl(PATH),
      WebSocket: this.#WebSocket,
      opening: this.#opening(),
      silentMs: this.#silentMs,
      isWaiting: () => this.#outbox.waitingSamples > 0,
      onEvent: (event) => this.#take(event),
      onClose: (refusal, wasOpen) => void this.#again(refusal, wasOpen),
    });
  }

  #opening(): WireLiveOpening {
    if (this.#sessionId === null) return this.#start;
    return { type: 'resume', session_id: this.#sessionId, last_event_id: this.#lastEventId };
  }

  #take(event: Exclude<WireLiveEvent, { type: 'error' }>): void {
    if (event.type === 'session') {
      this.#jobId = event.job_id;
      this.#begin(event.session_id, event.received_samples);
      return;
    }
    this.#backoff.reset();
    if (event.type === 'acknowledged') {
      this.#outbox.acknowledge(event.received_samples);
      this.#release();
      return;
    }
    this.#lastEventId = event.id;
    this.#events.push(event);
    if (event.type === 'ended') this.#finish();
    this.#wake();
  }

  /** The service has these samples of the session. */
  #begin(sessionId: string, received: number): void {
    this.#sessionId = sessionId;
    try {
      this.#outbox.rewind(received);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#isReady = true;
    this.#readySinceMs = performance.now();
    this.#flush();
    this.#onConnection(true);
  }

  #flush(): void {
    if (!this.#isReady) return;
    for (let next = this.#outbox.next(); next !== null; next = this.#outbox.next()) this.#line?.send(next);
  }

  /** A connection is closed. Without a session, and where only its user can help, that is the end. */
  async #again(refusal: Error | null, wasOpen: boolean): Promise<void> {
    if (this.#isReady && performance.now() - this.#readySinceMs > GOOD_MS) this.#backoff.reset();
    this.#line = null;
    if (this.#isReady) this.#onConnection(false);
    this.#isReady = false;
    if (this.#hasEnded) return;
    try {
      const failure = refusal ?? (await this.#whyClosed(wasOpen));
      if (!this.#mayHelp(failure)) throw failure;
      await this.#backoff.wait(failure, this.#signal);
      if (!this.#hasEnded) this.#connect();
    } catch (error) {
      this.#fail(error);
    }
  }

  #mayHelp(failure: Error): boolean {
    if (!(failure instanceof SottoError)) return true;
    if (this.#sessionId === null) return false;
    return failure.status >= 500 || failure.status === 429 || failure.code === 'live_audio_missing';
  }

  /** Of a handshake that is refused, a WebSocket tells nothing: the same address is asked without one. */
  async #whyClosed(wasOpen: boolean): Promise<Error> {
    const url = this.#http.url(PATH);
    const broken = new ConnectionError(url, new Error('the connection broke'));
    if (wasOpen) return broken;
    try {
      const response = await this.#http.request(url, {}, this.#signal ? { signal: this.#signal } : {});
      await response.body?.cancel();
      return broken;
    } catch (error) {
      if (this.#signal?.aborted || !(error instanceof Error)) throw error;
      // The answer to whoever may come in.
      return error instanceof SottoError && error.code === 'invalid_request' ? broken : error;
    }
  }

  #fail(reason: unknown): void {
    if (this.#hasEnded) return;
    this.#failure = { reason };
    if (this.#isReady) this.#line?.send(JSON.stringify({ type: 'end' } satisfies WireLiveMessage));
    this.#finish();
    this.#wake();
  }

  #finish(): void {
    this.#isOver = this.#failure === null;
    this.#line?.close();
    this.#signal?.removeEventListener('abort', this.#leave);
    this.#release();
  }

  #release(): void {
    for (const drained of this.#drained.splice(0)) drained();
  }
}

const platformSocket = () => (globalThis as { WebSocket?: WebSocketClass }).WebSocket;
