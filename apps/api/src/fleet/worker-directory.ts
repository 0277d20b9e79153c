import type { Heartbeat, InstalledModel } from '@sotto/contracts';
import type { Heartbeats } from '@sotto/queue';
import { Sampled } from './sampled.ts';

/** What the workers told of themselves, a moment ago. */
export interface Fleet {
  workers: Heartbeat[];
  /** Also those of workers that are gone: a model stays installed while its worker restarts. */
  models: InstalledModel[];
}

const SAMPLE_MS = 1_000;

/** The fleet, asked of Redis at most once a second however many requests want to know. */
export class WorkerDirectory {
  readonly #fleet: Sampled<Fleet>;

  constructor(heartbeats: Pick<Heartbeats, 'list' | 'models'>) {
    this.#fleet = new Sampled(SAMPLE_MS, async () => {
      const [workers, models] = await Promise.all([heartbeats.list(), heartbeats.models()]);
      return { workers, models };
    });
  }

  fleet(): Promise<Fleet> {
    return this.#fleet.value();
  }

  /** For a decision that a second-old answer would get wrong. */
  freshFleet(): Promise<Fleet> {
    return this.#fleet.fresh();
  }
}

const transcribers = (fleet: Fleet): Heartbeat[] => fleet.workers.filter(({ roles }) => roles.includes('transcribe'));

/** What a request without a model gets: the configured one, else what the workers hold; null before any was seen. */
export function currentModelName(fleet: Fleet, configured: string | null): string | null {
  const ready = transcribers(fleet).find(({ state, currentModel }) => state === 'ready' && currentModel !== null);
  return ready?.currentModel ?? configured;
}

export function isModelLoaded(fleet: Fleet): boolean {
  return transcribers(fleet).some(({ state, currentModel }) => state === 'ready' && currentModel !== null);
}

/** Audio seconds per wall second of all workers together; null before any has measured. */
export function fleetRtfx(fleet: Fleet): number | null {
  const measured = transcribers(fleet).flatMap(({ rtfx }) => (rtfx === null ? [] : [rtfx]));
  return measured.length === 0 ? null : measured.reduce((sum, rtfx) => sum + rtfx, 0);
}
