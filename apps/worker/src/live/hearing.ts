import type { LiveEnd, LiveEnded, LiveEvent, LiveOptions } from '@sotto/contracts';
import type { ClaimedSession, LiveInput, LiveNews, LiveSessions } from '@sotto/queue';
import { BYTES_PER_MS, SAMPLES_PER_MS } from '../media/pcm.ts';
import { firstSample, SessionAudio } from './session-audio.ts';
import type { SessionRecorder } from './session-recorder.ts';
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
  /** null: the session is not stored. */
  recorder(session: ClaimedSession, signal: AbortSignal): SessionRecorder | null;
  onText(text: { isFinal: boolean; lagMs: number; sinceSpeechMs: number | null }): void;
  onHeard(audioMs: number): void;
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
  readonly #session: ClaimedSession;
  readonly #deps: HearingDeps;
  readonly #audio: SessionAudio;
  readonly #recorder: SessionRecorder | null;
  /** Of the audio that has come out so far. */
  #endMs: number;
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
  /** Audio that was counted. */
  #countedMs = 0;
  /** When it was told that somebody speaks, until there is text of it. */
  #speechToldMs: number | null = null;
  #endedBy: LiveEnd | null = null;

  constructor(session: ClaimedSession, deps: HearingDeps) {
    const { id, format, checkpoint, options } = session;
    this.#session = session;
    this.#deps = deps;
    this.#options = options;
    this.#news = session;
    this.#turn = session.turn;
    this.#recorder = deps.recorder(session, this.#leave.signal);
    const heardMs = checkpoint?.fromMs ?? 0;
    // What was heard and is not stored comes once more.
    const fromMs = this.#recorder === null ? heardMs : Math.min(heardMs, session.storedBytes / BYTES_PER_MS);
    this.#endMs = fromMs;
    this.#countedMs = heardMs;
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
        await this.#closeAtLimit();
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
      // Whatever is still to be stored is stored by whoever goes on.
      this.#leave.abort();
    }
  }

  /** Why the session ended here; null: it did not. */
  get endedBy(): LiveEnd | null {
    return this.#endedBy;
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
        ? this.#accept(this.#audio.push(input.at, input.bytes))
        : this.#transcriber.reach(input.mark, input.id);
    if (texts.length > 0 || performance.now() - this.#toldMs > CHECKPOINT_MS) await this.#tell(texts, true);
    return true;
  }

  /** Each takes what it does not have. */
  #accept(pcm: Int16Array): LiveText[] {
    const startMs = this.#endMs;
    this.#endMs += pcm.length / SAMPLES_PER_MS;
    this.#recorder?.push(startMs, pcm);
    const known = Math.max(0, this.#transcriber.endMs - startMs) * SAMPLES_PER_MS;
    return known > 0 && known >= pcm.length ? [] : this.#transcriber.accept(pcm.subarray(known));
  }

  async #closeAtLimit(): Promise<void> {
    const limit = this.#recorder?.limit ?? null;
    if (limit === null || this.#news.closedBy !== null) return;
    await this.#deps.sessions.close(this.#session.id, limit);
    await this.#tell([]);
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
    const stopped = [...this.#accept(this.#audio.flush()), ...this.#transcriber.finish()];
    if (stopped.length > 0) await this.#tell(stopped, true);
    while (this.#transcriber.isDue) await this.#pass();
    await this.#recorder?.finish();
    if (this.#leave.signal.aborted) return this.#isLost ? 'lost' : 'left';
    const jobId = this.#recorder?.hasAudio ? this.#session.id : undefined;
    await this.#tell([], false, { type: 'ended', by, heardMs: this.#transcriber.endMs, ...(jobId && { jobId }) });
    if (this.#isLost) return 'lost';
    this.#endedBy = by;
    return 'over';
  }

  /** `movesOn`: whoever goes on begins with what is known now. Between two of its own calls only. */
  async #tell(
    texts: readonly (LiveText | LiveEvent)[],
    movesOn = false,
    /** It is over. */
    ended?: LiveEnded,
  ): Promise<void> {
    if (movesOn) this.#toldMs = performance.now();
    const { format } = this.#session;
    const state = this.#transcriber.checkpoint;
    const fromSample = firstSample(format, state.fromMs);
    const keepFrom = Math.min(fromSample, firstSample(format, this.#recorder?.storedMs ?? state.fromMs));
    const tells = texts.length > 0 || movesOn;
    if (tells) this.#turn += 1;
    const news = await this.#deps.sessions.tell(this.#session, this.#deps.owner, {
      turn: tells ? this.#turn : null,
      events: texts.map((text) => this.#eventOf(text)),
      checkpoint: movesOn ? { state, fromSample, keepFrom } : null,
      heardMs: this.#transcriber.endMs,
      ...(ended && { ended }),
    });
    if (news === null) {
      this.#isLost = true;
      this.#leave.abort();
      return;
    }
    this.#observe(texts);
    if (news.revision !== this.#news.revision) await this.#readOptions();
    this.#news = news;
  }

  /** For figures. */
  #observe(texts: readonly (LiveText | LiveEvent)[]): void {
    const { onHeard, onText } = this.#deps;
    const { endMs } = this.#transcriber;
    if (endMs > this.#countedMs) onHeard(endMs - this.#countedMs);
    this.#countedMs = Math.max(this.#countedMs, endMs);
    for (const text of texts.map((one) => this.#eventOf(one))) {
      if (text.type === 'speech_started') this.#speechToldMs = performance.now();
      if ((text.type !== 'partial' && text.type !== 'final') || text.words.length === 0) continue;
      const sinceSpeechMs = this.#speechToldMs === null ? null : performance.now() - this.#speechToldMs;
      this.#speechToldMs = null;
      onText({ isFinal: text.type === 'final', lagMs: text.lagMs, sinceSpeechMs });
    }
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
