import type { LiveOptions } from '@sotto/client';
import { setOnAir } from '../../../shell/on-air.ts';
import { Capture } from '../sound/capture.ts';
import { RATE_HZ } from '../sound/format.ts';
import { openSound, type SoundSource } from '../sound/sources.ts';
import { type EndReason, Hearing, type PartialText } from './hearing.ts';
import { KeptSession } from './kept-session.ts';
import type { LiveLine } from './live-text.ts';

/**
 * starting -> listening <-> paused -> ending (the rest is heard) -> over. `failed`: the service refuses to go on; `again`
 * tries once more.
 */
export type Phase = 'starting' | 'listening' | 'paused' | 'ending' | 'over' | 'failed';

export interface LiveState {
  phase: Phase;
  lines: readonly LiveLine[];
  partial: PartialText | null;
  isConnected: boolean;
  /** Why it does not go on at the moment, or not at all; null: it does. */
  error: unknown;
  /** Why nothing is heard any more although nobody wanted that: an error, or `ended`. null: that is not so. */
  soundError: unknown;
  /** null: it is not over, or that was long ago. */
  endReason: EndReason | null;
  jobIds: readonly string[];
}

/** The session that this tab has listened for, which a reload does not end. */
const TAB_HAS = 'sotto.live';
/** As long as the service waits for whoever was connected. */
const WAITS_MS = 60_000;
const SHOW_LIFE_MS = 15_000;

/** Somebody speaks, and the text is told. It lives as long as the tab, whatever page is shown, and a reload does not end it. */
export class LiveSession {
  readonly #kept: KeptSession;
  readonly #hearing: Hearing;
  readonly #listeners = new Set<() => void>();
  #capture: Capture | null = null;
  #state: LiveState;
  #showingLife: ReturnType<typeof setInterval> | undefined;

  private constructor(kept: KeptSession, lines: readonly LiveLine[]) {
    this.#kept = kept;
    const { isOver, isClosed, isPaused, jobIds } = kept.record;
    this.#state = {
      phase: isOver ? 'over' : isClosed ? 'ending' : isPaused ? 'paused' : 'starting',
      lines,
      partial: null,
      isConnected: false,
      error: null,
      soundError: null,
      endReason: null,
      jobIds,
    };
    this.#hearing = new Hearing(kept, lines, {
      onLine: (line) => this.#tell({ lines: [...this.#state.lines.slice(0, line.index), line] }),
      onPartial: (partial) => this.#tell({ partial }),
      onConnection: (isConnected) => this.#tell({ isConnected }),
      onTrouble: (error) => this.#tell({ error }),
    });
  }

  /** @throws as openSound and Capture.of; the service's refusals are told by `current` */
  static async start(options: LiveOptions, source: SoundSource): Promise<LiveSession> {
    const stream = await openSound(source);
    const session = new LiveSession(await KeptSession.begin(options, source), []);
    try {
      await session.#listen(stream);
    } catch (error) {
      await session.remove();
      throw error;
    }
    void session.#run();
    return session;
  }

  /** What this tab was at before it was loaded again, or what another tab left. null: nothing. */
  static async left(): Promise<LiveSession | null> {
    const ownId = sessionStorage.getItem(TAB_HAS);
    const kept = await KeptSession.left(ownId);
    if (kept === null) return null;
    const { id, isOver, seenAtMs, isPaused } = kept.record;
    const goesOn = !isOver && Date.now() - seenAtMs < WAITS_MS;
    const isOfTab = id === ownId;
    if (!isOver && !goesOn) await kept.close();
    // Nobody is listened to without having asked for it in this tab.
    else if (!isOfTab) await kept.change({ isPaused: true });
    const session = new LiveSession(kept, await kept.lines());
    if (isOver) return session;
    void session.#run();
    if (goesOn && isOfTab && !isPaused) await session.goOn();
    else session.#hearing.pause();
    return session;
  }

  get id(): string {
    return this.#kept.record.id;
  }

  get startedAtMs(): number {
    return this.#kept.record.startedAtMs;
  }

  /** Whether the service ever took it. */
  get hasBegun(): boolean {
    const { session, part } = this.#kept.record;
    return session !== null || part > 0;
  }

  get source(): SoundSource {
    return this.#kept.record.source as unknown as SoundSource;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly current = (): LiveState => this.#state;

  /** Loudest sample of the last moment, 0 to 1. */
  level(): number {
    return this.#capture?.level() ?? 0;
  }

  /** Of sound that was listened to. */
  seconds(): number {
    return this.#kept.end / RATE_HZ;
  }

  pause(soundError: unknown = null): void {
    this.#stopListening();
    this.#tell({ phase: 'paused', soundError });
    void this.#kept.change({ isPaused: true }).catch(() => {});
    this.#hearing.pause();
  }

  /** Listens again; why it cannot is told by `current`. */
  async goOn(): Promise<void> {
    try {
      await this.#listen(await openSound(this.source));
      await this.#kept.change({ isPaused: false });
    } catch (error) {
      this.pause(error);
    }
  }

  /** Nothing more is said; the rest is heard. */
  async stop(): Promise<void> {
    this.#stopListening();
    this.#tell({ phase: 'ending', soundError: null });
    await this.#kept.close();
    this.#hearing.more();
  }

  /** After a refusal. */
  again(): void {
    const { isClosed } = this.#kept.record;
    this.#tell({ phase: isClosed ? 'ending' : 'paused', error: null });
    void this.#run();
  }

  /** Nothing of it is kept here any more. */
  async remove(): Promise<void> {
    this.#stopListening();
    clearInterval(this.#showingLife);
    this.#hearing.leave();
    sessionStorage.removeItem(TAB_HAS);
    await this.#kept.remove();
  }

  async #listen(stream: MediaStream): Promise<void> {
    const capture = await Capture.of(
      stream,
      (samples) => {
        const stored = this.#kept.addSound(samples);
        stored.then(() => this.#hearing.more()).catch((error: unknown) => this.#tell({ error }));
      },
      () => this.pause('ended'),
    );
    this.#stopListening();
    this.#capture = capture;
    sessionStorage.setItem(TAB_HAS, this.id);
    setOnAir(true);
    this.#tell({ phase: 'listening', soundError: null });
  }

  #stopListening(): void {
    this.#capture?.close();
    this.#capture = null;
    setOnAir(false);
  }

  async #run(): Promise<void> {
    this.#showingLife = setInterval(() => void this.#kept.change({}).catch(() => {}), SHOW_LIFE_MS);
    try {
      const endReason = await this.#hearing.run();
      this.#stopListening();
      this.#tell({ phase: 'over', partial: null, endReason, jobIds: this.#kept.record.jobIds, error: null });
      await this.#kept.change({ isOver: true });
    } catch (error) {
      this.#stopListening();
      this.#tell({ phase: 'failed', error });
      // It has not begun: there is nothing to go on with.
      if (!this.hasBegun) await this.remove();
    } finally {
      clearInterval(this.#showingLife);
    }
  }

  #tell(changes: Partial<LiveState>): void {
    this.#state = { ...this.#state, ...changes };
    for (const listener of this.#listeners) listener();
  }
}
