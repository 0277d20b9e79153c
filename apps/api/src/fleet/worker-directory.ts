import { enginesOf, type Heartbeat, type InstalledModel } from '@sotto/contracts';
import type { Heartbeats } from '@sotto/queue';
import { Sampled } from './sampled.ts';

/** What the workers told of themselves, a moment ago. */
export interface Fleet {
  workers: Heartbeat[];
  /** For transcription; also those of workers that are gone: a model stays installed while its worker restarts. */
  models: InstalledModel[];
}

const SAMPLE_MS = 1_000;

/** The fleet, asked of Redis at most once a second however many requests want to know. */
export class WorkerDirectory {
  readonly #fleet: Sampled<Fleet>;

  constructor(heartbeats: Pick<Heartbeats, 'list' | 'models'>) {
    this.#fleet = new Sampled(SAMPLE_MS, async () => {
      const [workers, models] = await Promise.all([heartbeats.list(), heartbeats.models('transcribe')]);
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

/** The default model of a worker that is ready; undefined: none is. */
function loadedModelName({ workers }: Fleet): string | undefined {
  const ready = workers.filter(({ state }) => state === 'ready');
  return enginesOf(ready, 'transcribe').flatMap(({ defaultModel }) => defaultModel ?? [])[0];
}

/** What a request without a model gets: what the workers hold, else the configured one; null before any was seen. */
export function currentModelName(fleet: Fleet, configured: string | null): string | null {
  return loadedModelName(fleet) ?? configured;
}

export function isModelLoaded(fleet: Fleet): boolean {
  return loadedModelName(fleet) !== undefined;
}

/** Audio seconds per wall second of all workers together; null before any has measured. */
export function fleetRtfx({ workers }: Pick<Fleet, 'workers'>): number | null {
  const measured = enginesOf(workers, 'transcribe').flatMap(({ speed }) => speed ?? []);
  return measured.length === 0 ? null : measured.reduce((sum, rtfx) => sum + rtfx, 0);
}
