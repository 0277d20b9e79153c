import type { LiveEnd, LiveEvent, LiveOptions } from '@sotto/contracts';
import type { LiveInput, LiveNews, LiveSession, LiveSessions } from '@sotto/queue';
import { firstSample, SessionAudio } from './session-audio.ts';
import { type Ears, type LiveText, LiveTranscriber, type LiveTranscriberOptions } from './transcriber.ts';

/** The first text of an utterance is to be there soon. */
const FIRST_STEP_MS = 400;
/** Between two passes: short enough to be seen, and long enough for two that agree to have heard different things. */
const SHORTEST_STEP_MS = 700;
/** Audio that piles up is heard in pieces that a window can hold. */
const LONGEST_STEP_MS = 3_000;
/** A pass that took long is followed by a rest as long: under load text comes more rarely, and what is final still comes. */
const STEP_OF_PASS = 1.3;
const RENEW_MS = 500;
/** While nobody speaks, what is not needed any more is let go of so often. */
const CHECKPOINT_MS = 2_000;

export interface HearingDeps {
  sessions: LiveSessions;
  /** Whoever holds the lease. */
  owner: string;
  ears(options: () => LiveOptions, signal: AbortSignal): Ears;
  /** Resolves when there may be new audio, or after a moment. */
  untilMore(signal: AbortSignal): Promise<void>;
  /** Without anybody connected for so long, a session is over. */
  idleMs: () => number;
  maxMs: () => number;
}

/** How it ended for this worker: the session is over, somebody else hears it, or it is to go on elsewhere. */
export type HearingEnd = 'over' | 'lost' | 'left';

/**
 * Hears one session while this worker has its lease: takes audio as it arrives, tells what is heard, and keeps the lease while
 * a pass is under way. What is told and where the next worker would go on are one step, so nothing is told twice.
 */
export class Hearing {
  readonly #session: LiveSession;
  readonly #deps: HearingDeps;
  readonly #audio: SessionAudio;
  readonly #inputs: { next(): Promise<LiveInput[]> };
  readonly #transcriber: LiveTranscriber;
  readonly #leave = new AbortController();
  readonly #waiting: LiveInput[] = [];
  #options: LiveOptions;
  #news: LiveNews;
  #toldMs = performance.now();
  #turn: number;
  #passMs = 0;
  #isLost = false;

  constructor(session: LiveSession, deps: HearingDeps) {
    const { id, format, checkpoint, options } = session;
    this.#session = session;
    this.#deps = deps;
    this.#options = options;
    this.#news = session;
    this.#turn = session.turn;
    const fromMs = checkpoint?.fromMs ?? 0;
    this.#audio = new SessionAudio(format, fromMs);
    this.#inputs = deps.sessions.audio(id, this.#audio.at);
    const ears = deps.ears(() => this.#options, this.#leave.signal);
    this.#transcriber = new LiveTranscriber(ears, transcriberOptions(options), checkpoint ?? undefined);
  }

  /** @throws what the engine and Redis throw; somebody else goes on when the lease is over */
  async run(): Promise<HearingEnd> {
    // Redis may be away for a moment: the lease is over then, and whoever claims first goes on.
    const renewing = setInterval(() => void this.#tell([]).catch(() => {}), RENEW_MS);
    try {
      while (!this.#leave.signal.aborted) {
        const hasMore = await this.#take();
        if (this.#transcriber.isDue || this.#transcriber.unheardMs >= this.#stepMs) await this.#pass();
        else if (!hasMore && this.#closedBy !== null && !(await this.#hasUnread()))
          return await this.#end(this.#closedBy);
        else if (!hasMore) await this.#deps.untilMore(this.#leave.signal);
      }
      return this.#isLost ? 'lost' : 'left';
    } catch (error) {
      if (this.#isLost) return 'lost';
      if (this.#leave.signal.aborted) return 'left';
      throw error;
    } finally {
      clearInterval(renewing);
    }
  }

  /** Stops at once; the session goes on elsewhere. */
  leave(): void {
    this.#leave.abort();
  }

  get #stepMs(): number {
    const shortestMs = this.#transcriber.isNew ? FIRST_STEP_MS : SHORTEST_STEP_MS;
    return Math.min(LONGEST_STEP_MS, Math.max(shortestMs, STEP_OF_PASS * this.#passMs));
  }

  /** Its client, or its time. */
  get #closedBy(): LiveEnd | null {
    if (this.#news.closedBy !== null) return this.#news.closedBy;
    const { idleMs, maxMs } = this.#deps;
    if (Date.now() - this.#news.seenAtMs > idleMs()) return 'idle';
    return Date.now() - this.#session.createdAtMs > maxMs() ? 'too_long' : null;
  }

  /** Takes one input. @returns whether there was any */
  async #take(): Promise<boolean> {
    if (this.#waiting.length === 0) this.#waiting.push(...(await this.#inputs.next()));
    const input = this.#waiting.shift();
    if (input === undefined) {
      // Nobody speaks, or the client has stopped sending: what is not needed is let go of.
      if (performance.now() - this.#toldMs > CHECKPOINT_MS) await this.#tell([], true);
      return false;
    }
    const texts =
      input.type === 'audio'
        ? this.#transcriber.accept(this.#audio.push(input.at, input.bytes))
        : this.#transcriber.reach(input.mark, input.id);
    if (texts.length > 0 || performance.now() - this.#toldMs > CHECKPOINT_MS) await this.#tell(texts, true);
    return true;
  }

  /** Audio may have come after the last look and before the client closed the session. */
  async #hasUnread(): Promise<boolean> {
    await this.#tell([]);
    this.#waiting.push(...(await this.#inputs.next()));
    return this.#waiting.length > 0;
  }

  async #pass(): Promise<void> {
    const beganMs = performance.now();
    const texts = await this.#transcriber.pass();
    this.#passMs = performance.now() - beganMs;
    await this.#tell(texts, true);
  }

  async #end(by: LiveEnd): Promise<HearingEnd> {
    await this.#deps.sessions.close(this.#session.id, by);
    const stopped = [...this.#transcriber.accept(this.#audio.flush()), ...this.#transcriber.finish()];
    if (stopped.length > 0) await this.#tell(stopped, true);
    while (this.#transcriber.isDue) await this.#pass();
    const ended: LiveEvent = { type: 'ended', by, heardMs: this.#transcriber.endMs };
    await this.#tell([ended], false, true);
    return this.#isLost ? 'lost' : 'over';
  }

  /** `movesOn`: whoever goes on begins with what is known now. Between two of its own calls only. */
  async #tell(texts: readonly (LiveText | LiveEvent)[], movesOn = false, isOver = false): Promise<void> {
    if (movesOn) this.#toldMs = performance.now();
    const state = this.#transcriber.checkpoint;
    const tells = texts.length > 0 || movesOn;
    if (tells) this.#turn += 1;
    const news = await this.#deps.sessions.tell(this.#session, this.#deps.owner, {
      turn: tells ? this.#turn : null,
      events: texts.map((text) => this.#eventOf(text)),
      checkpoint: movesOn ? { state, fromSample: firstSample(this.#session.format, state.fromMs) } : null,
      heardMs: this.#transcriber.endMs,
      isOver,
    });
    if (news === null) {
      this.#isLost = true;
      this.#leave.abort();
      return;
    }
    if (news.revision !== this.#news.revision) await this.#readOptions();
    this.#news = news;
  }

  async #readOptions(): Promise<void> {
    const now = await this.#deps.sessions.find(this.#session.id);
    if (now === null) return;
    this.#options = now.options;
    this.#transcriber.change(transcriberOptions(now.options));
  }

  #eventOf(text: LiveText | LiveEvent): LiveEvent {
    if (!('heardMs' in text) || text.type === 'ended') return text;
    const { heardMs, ...told } = text;
    const arrivedMs = Math.floor((this.#news.received * 1_000) / this.#session.format.sampleRate);
    return { ...told, lagMs: Math.max(0, Math.max(arrivedMs, this.#transcriber.endMs) - heardMs) };
  }
}

function transcriberOptions({ endpointing, prompt }: LiveOptions): LiveTranscriberOptions {
  return { endpoints: endpointing, prompt, patience: endpointing?.patience ?? 1 };
}
