import { ConnectionError, type LiveEvent, type LiveOptions, type LiveTranscription, SottoError } from '@sotto/client';
import { client } from '../../../api/client.ts';
import { CHUNK_SAMPLES, RATE_HZ } from '../sound/format.ts';
import type { KeptSession } from './kept-session.ts';
import { type LiveLine, lineWith } from './live-text.ts';

type Ended = Extract<LiveEvent, { type: 'ended' }>;
export type EndReason = Ended['reason'];

/** A service that has lost its last seconds asks for them again. */
const KEPT_SECONDS = 30;
/** Less is no word. */
const LEAST_SECONDS = 0.5;
const RETRY_SECONDS = 2;

/** The service no longer has the session; what it has not heard goes into another one. */
const GONE: readonly string[] = ['live_session_not_found', 'live_session_over', 'live_audio_missing'];

/** What may still change. */
export interface PartialText {
  /** Of the line that it lengthens or will begin. */
  index: number;
  text: string;
  /** Seconds. */
  start: number;
}

export interface Listener {
  onLine(line: LiveLine): void;
  onPartial(partial: PartialText | null): void;
  onConnection(isOpen: boolean): void;
  /** Why it does not go on at the moment; it is tried again. null: it does. */
  onTrouble(error: unknown): void;
}

/**
 * Takes the sound of a kept session to the service as it comes, and its text back. A connection that is broken for long, and
 * a session that the service has given up meanwhile, are nothing that ends it: the sound waits here.
 */
export class Hearing {
  readonly #kept: KeptSession;
  readonly #listener: Listener;
  readonly #leaving = new AbortController();
  #lines: readonly LiveLine[];
  #isPauseToTell = false;
  #wake = () => {};

  constructor(kept: KeptSession, lines: readonly LiveLine[], listener: Listener) {
    this.#kept = kept;
    this.#lines = lines;
    this.#listener = listener;
  }

  /** There is more sound, or there will be none. */
  more(): void {
    this.#wake();
  }

  /** Nobody speaks for now: what was said is settled without waiting for more. */
  pause(): void {
    this.#isPauseToTell = true;
    this.#wake();
  }

  /** The session ends where it is. */
  leave(): void {
    this.#leaving.abort(new Error('the session is thrown away'));
    this.#wake();
  }

  /** @returns why it is over. @throws SottoError that trying again does not help against; the reason of `leave` */
  async run(): Promise<EndReason> {
    for (;;) {
      try {
        const { reason, heard, job_id: jobId } = await this.#converse();
        await this.#addJob(jobId);
        const heardSample = this.#kept.record.fromSample + Math.round(heard * RATE_HZ);
        if ((reason !== 'idle' && reason !== 'too_long') || !this.#hasMore(heardSample)) return reason;
        await this.#beginPart(heardSample);
      } catch (error) {
        this.#leaving.signal.throwIfAborted();
        this.#listener.onConnection(false);
        const { acknowledged, session } = this.#kept.record;
        if (error instanceof SottoError && GONE.includes(error.code)) {
          await this.#addJob(session?.jobId ?? null);
          if (!this.#hasMore(acknowledged)) return 'idle';
          await this.#beginPart(acknowledged);
        } else {
          if (!this.#mayHelp(error)) throw error;
          this.#listener.onTrouble(error);
          await pauseOrOnline(retrySecondsOf(error), this.#leaving.signal);
        }
      }
    }
  }

  async #addJob(id: string | null): Promise<void> {
    // A session may tell its end again.
    if (id !== null) await this.#kept.change({ jobIds: [...new Set([...this.#kept.record.jobIds, id])] });
  }

  #hasMore(fromSample: number): boolean {
    return !this.#kept.record.isClosed || this.#kept.end - fromSample > LEAST_SECONDS * RATE_HZ;
  }

  /** Whoever is refused at the beginning is told so; whoever has begun is waited for. */
  #mayHelp(error: unknown): boolean {
    const { session, part } = this.#kept.record;
    if (error instanceof ConnectionError) return true;
    if (!(error instanceof SottoError) || (session === null && part === 0)) return false;
    return error.code !== 'quota_exceeded' && (error.status >= 500 || error.status === 429);
  }

  /** Sound is kept in whole pieces: a bit may be heard twice, nothing is left out. */
  async #beginPart(atSample: number): Promise<void> {
    const { part } = this.#kept.record;
    const fromSample = Math.floor(atSample / CHUNK_SAMPLES) * CHUNK_SAMPLES;
    await this.#kept.change({ session: null, part: part + 1, fromSample, acknowledged: fromSample });
  }

  async #converse(): Promise<Ended> {
    const { options, session, fromSample } = this.#kept.record;
    const from = (session === null ? null : await this.#kept.soundFrom(fromSample))?.at ?? this.#startWithout(session);
    const live: LiveTranscription = client.live({
      ...(options as LiveOptions),
      ...(session !== null && {
        resume: { sessionId: session.id, lastEventId: session.lastEventId, fromSample: from - fromSample },
      }),
      signal: this.#leaving.signal,
      onConnection: (isOpen) => this.#connected(live, isOpen),
    });
    const over = new AbortController();
    void this.#send(live, from, over.signal);
    try {
      for await (const event of live) {
        if (event.type === 'ended') return event;
        this.#take(event, live);
      }
      throw new ConnectionError(window.location.origin, new Error('the session ended without a word'));
    } finally {
      over.abort();
      this.#wake();
    }
  }

  /** Where sound begins that is still to come. */
  #startWithout(session: object | null): number {
    return session === null ? this.#kept.record.fromSample : this.#kept.end;
  }

  #connected(live: LiveTranscription, isOpen: boolean): void {
    const { sessionId, jobId } = live;
    if (isOpen && sessionId !== null && this.#kept.record.session === null) {
      void this.#kept.change({ session: { id: sessionId, jobId, lastEventId: null } }).catch(() => {});
    }
    if (isOpen) this.#listener.onTrouble(null);
    this.#listener.onConnection(isOpen);
  }

  #take(event: LiveEvent, { sessionId, jobId }: LiveTranscription): void {
    if (sessionId === null || (event.type !== 'partial' && event.type !== 'final')) return;
    const { part, fromSample } = this.#kept.record;
    const line = lineWith(this.#lines, event, `${part}.${event.utterance}`, fromSample / RATE_HZ);
    if (event.type === 'partial') {
      const start = (event.words[0]?.start ?? 0) + fromSample / RATE_HZ;
      this.#listener.onPartial(line && { index: line.index, text: event.text, start });
      return;
    }
    this.#listener.onPartial(null);
    if (line === null) return;
    this.#lines = [...this.#lines.slice(0, line.index), line];
    // What cannot be kept is still shown.
    void this.#kept.addLine(line, { id: sessionId, jobId, lastEventId: event.id }).catch(() => {});
    this.#listener.onLine(line);
  }

  /** Sound goes out as it is stored: what the service has, the browser had before. */
  async #send(live: LiveTranscription, from: number, over: AbortSignal): Promise<void> {
    let next = from;
    while (!over.aborted) {
      const { promise: more, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      try {
        const sound = await this.#kept.soundFrom(next);
        if (over.aborted) return;
        if (sound === null) {
          if (this.#isSettled(live)) return;
          await more;
        } else {
          await live.send(new Uint8Array(sound.samples.buffer));
          next = sound.at + sound.samples.length;
          await this.#note(live);
        }
      } catch (error) {
        // Of the browser's memory: what the service says comes another way.
        this.#listener.onTrouble(error);
        await pauseOrOnline(RETRY_SECONDS, over);
      }
    }
  }

  /** All sound is sent. @returns whether that is the end of it */
  #isSettled(live: LiveTranscription): boolean {
    if (this.#isPauseToTell) live.commit();
    this.#isPauseToTell = false;
    const { isClosed } = this.#kept.record;
    if (isClosed) live.end();
    return isClosed;
  }

  /** What the service has need not be kept for much longer. */
  async #note(live: LiveTranscription): Promise<void> {
    const { fromSample, acknowledged } = this.#kept.record;
    const now = fromSample + live.acknowledgedSamples;
    if (now <= acknowledged) return;
    await this.#kept.change({ acknowledged: now });
    await this.#kept.forgetSound(now - KEPT_SECONDS * RATE_HZ);
  }
}

const retrySecondsOf = (error: unknown): number =>
  (error instanceof SottoError && error.retryAfterSeconds) || RETRY_SECONDS;

function pauseOrOnline(seconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, seconds * 1_000);
  window.addEventListener('online', () => resolve(), { once: true, signal });
  signal.addEventListener('abort', () => resolve(), { once: true });
  return promise;
}
