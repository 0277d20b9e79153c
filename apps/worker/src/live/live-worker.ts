import { setTimeout as pause } from 'node:timers/promises';
import type { LiveSession, LiveSessions } from '@sotto/queue';
import { Hearing, type HearingDeps, type HearingEnd } from './hearing.ts';

/** A lease that is over is seen so soon, whoever had it. */
const CLAIM_MS = 300;
/** New audio is looked for so often. */
const POLL_MS = 40;
/** Sessions of a worker that has died go on somewhere, even where that makes all of them slower. */
const MOST_OF_CAPACITY = 2;
/** A session that nobody could hear, however often it was begun, ends. */
const MOST_CLAIMS = 5;

export interface LiveWorkerDeps extends Pick<HearingDeps, 'owner' | 'ears' | 'idleMs' | 'maxMs'> {
  sessions: LiveSessions;
  /** Heard at once. */
  capacity: () => number;
  onEnd(session: LiveSession, end: HearingEnd): void;
  onError(error: unknown, session: LiveSession | null): void;
}

/** Hears as many live sessions as it can, each by itself. open -> closing: those it has go on elsewhere, at once. */
export class LiveWorker {
  readonly #deps: LiveWorkerDeps;
  readonly #hearings = new Map<string, { hearing: Hearing; done: Promise<void> }>();
  readonly #closing = new AbortController();
  #claiming: Promise<void> | null = null;

  constructor(deps: LiveWorkerDeps) {
    this.#deps = deps;
  }

  /** Sessions that it hears. */
  get count(): number {
    return this.#hearings.size;
  }

  open(): void {
    this.#claiming = this.#claim();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#claiming;
    const hearings = [...this.#hearings.values()];
    for (const { hearing } of hearings) hearing.leave();
    await Promise.all(hearings.map(({ done }) => done));
  }

  async #claim(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        const free = MOST_OF_CAPACITY * this.#deps.capacity() - this.#hearings.size;
        const claimed = free > 0 ? await this.#deps.sessions.claim(this.#deps.owner, free) : [];
        for (const session of claimed) this.#hear(session);
      } catch (error) {
        this.#deps.onError(error, null);
      }
      await pause(CLAIM_MS, null, { signal }).catch(() => {});
    }
  }

  #hear(session: LiveSession): void {
    void this.#follow(session).finally(() => this.#hearings.delete(session.id));
  }

  /** Never rejects. */
  async #follow(session: LiveSession): Promise<void> {
    const { sessions, owner, onEnd, onError } = this.#deps;
    try {
      if (session.claims > MOST_CLAIMS) {
        const ended = { type: 'ended', by: 'failed', heardMs: session.checkpoint?.fromMs ?? 0 } as const;
        const telling = { turn: session.turn + 1, events: [ended], checkpoint: null, heardMs: 0, isOver: true };
        await sessions.tell(session, owner, telling);
        return;
      }
      const untilMore = (signal: AbortSignal) => pause(POLL_MS, undefined, { signal }).catch(() => {});
      const hearing = new Hearing(session, { ...this.#deps, untilMore });
      const running = hearing.run();
      this.#hearings.set(session.id, {
        hearing,
        done: running.then(
          () => {},
          () => {},
        ),
      });
      const end = await running;
      if (end === 'left') await sessions.release(session.id, owner);
      onEnd(session, end);
    } catch (error) {
      // Its lease is over in a moment: another worker, or this one, tries again.
      onError(error, session);
    }
  }
}
