import { setTimeout as pause } from 'node:timers/promises';
import type { LiveEnd } from '@sotto/contracts';
import { type ClaimedSession, LIVE_LEASE_MS, type LiveSession, type LiveSessions } from '@sotto/queue';
import { Hearing, type HearingDeps, type HearingEnd } from './hearing.ts';
import { recordRest } from './record-rest.ts';

/** A lease that is over is seen so soon, whoever had it. */
const CLAIM_MS = 300;
/** New audio is looked for so often. */
const POLL_MS = 40;
/** Sessions of a worker that has died go on somewhere, even where that makes all of them slower. */
const MOST_OF_CAPACITY = 2;
/** A session that nobody could hear, however often it was begun, ends. */
const MOST_CLAIMS = 5;

export interface LiveWorkerDeps
  extends Pick<HearingDeps, 'owner' | 'ears' | 'recorder' | 'idleMs' | 'maxMs' | 'onText' | 'onHeard'> {
  sessions: LiveSessions;
  /** Heard at once. */
  capacity: () => number;
  /** Names of the models that it can hear with. */
  models: () => readonly string[];
  /** @param reason why it is over; null: it goes on elsewhere */
  onEnd(session: LiveSession, end: HearingEnd, reason: LiveEnd | null): void;
  onError(error: unknown, session: LiveSession | null): void;
}

interface Heard {
  hearing: Hearing;
  /** Never rejects. */
  done: Promise<void>;
}

/** Hears as many live sessions as it can, each by itself. open -> closing: those it has go on elsewhere, at once. */
export class LiveWorker {
  readonly #deps: LiveWorkerDeps;
  readonly #hearings = new Set<Heard>();
  readonly #closing = new AbortController();

  constructor(deps: LiveWorkerDeps) {
    this.#deps = deps;
  }

  /** Sessions that it hears. */
  get count(): number {
    return this.#hearings.size;
  }

  open(): void {
    void this.#claim();
  }

  /** Waits no longer than its leases last: Redis may not answer, and then whoever claims first has its sessions. */
  async close(): Promise<void> {
    this.#closing.abort();
    const hearings = [...this.#hearings];
    for (const { hearing } of hearings) hearing.leave();
    const left = Promise.all(hearings.map(({ done }) => done));
    await Promise.race([left, pause(LIVE_LEASE_MS, null, { ref: false })]);
  }

  /** Never rejects. */
  async #claim(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        const free = MOST_OF_CAPACITY * this.#deps.capacity() - this.#hearings.size;
        const models = this.#deps.models();
        const claimed = free > 0 ? await this.#deps.sessions.claim(this.#deps.owner, { limit: free, models }) : [];
        for (const session of claimed) {
          if (signal.aborted) void this.#release(session);
          else this.#hear(session, models);
        }
      } catch (error) {
        this.#deps.onError(error, null);
      }
      await pause(CLAIM_MS, null, { signal }).catch(() => {});
    }
  }

  #hear(session: ClaimedSession, models: readonly string[]): void {
    const { model } = session.options;
    // It would not have come here if anybody had it.
    const isMissed = model !== null && !models.includes(model);
    if (session.claims > MOST_CLAIMS || isMissed) return void this.#giveUp(session);
    const untilMore = (signal: AbortSignal) => pause(POLL_MS, undefined, { signal }).catch(() => {});
    const hearing = new Hearing(session, { ...this.#deps, untilMore });
    const heard: Heard = { hearing, done: this.#follow(session, hearing).finally(() => this.#hearings.delete(heard)) };
    this.#hearings.add(heard);
  }

  /** Never rejects. */
  async #follow(session: ClaimedSession, hearing: Hearing): Promise<void> {
    const { onEnd, onError } = this.#deps;
    try {
      const end = await hearing.run();
      if (end === 'left') await this.#release(session);
      onEnd(session, end, hearing.endedBy);
    } catch (error) {
      // Its lease is over in a moment: another worker, or this one, tries again.
      onError(error, session);
    }
  }

  /** Never rejects: whoever claims it next tries again. */
  async #giveUp(session: ClaimedSession): Promise<void> {
    const { sessions, owner, onEnd, onError } = this.#deps;
    try {
      const isStored = await recordRest(session, this.#closing.signal, this.#deps);
      // Not all of it may be stored: somebody else goes on.
      if (this.#closing.signal.aborted) return await this.#release(session);
      const jobId = isStored ? { jobId: session.id } : {};
      const ended = { type: 'ended', by: 'failed', heardMs: session.checkpoint?.fromMs ?? 0, ...jobId } as const;
      await sessions.tell(session, owner, {
        turn: session.turn + 1,
        events: [],
        checkpoint: null,
        heardMs: 0,
        ended,
      });
      onEnd(session, 'over', 'failed');
    } catch (error) {
      onError(error, session);
    }
  }

  /** Never rejects: what cannot be released is free when its lease is over. */
  async #release(session: LiveSession): Promise<void> {
    await this.#deps.sessions.release(session, this.#deps.owner).catch(() => {});
  }
}
