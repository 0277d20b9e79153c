import { type EngineKind, enginesOf, type Heartbeat, type InstalledModel } from '@sotto/contracts';
import type { Fleet, Heartbeats } from '@sotto/queue';
import { Sampled } from './sampled.ts';

export type { Fleet };

/** What is used is at most five times as old: a model that has come or gone is known within 2 s, the worker's part included. */
const SAMPLE_MS = 200;

/** The fleet, asked of Redis at most five times a second however many requests want to know. */
export class WorkerDirectory {
  readonly #fleet: Sampled<Fleet>;

  constructor(heartbeats: Pick<Heartbeats, 'fleet'>) {
    this.#fleet = new Sampled(SAMPLE_MS, () => heartbeats.fleet('transcribe'));
  }

  fleet(): Promise<Fleet> {
    return this.#fleet.value();
  }

  /** For decisions that must not rest on an old sample. */
  freshFleet(): Promise<Fleet> {
    return this.#fleet.fresh();
  }
}

/** The default model of a worker that is ready; undefined: none is. */
function loadedModelName({ workers, wishedDefault = null }: Fleet): string | undefined {
  const ready = workers.filter(({ state }) => state === 'ready');
  const defaults = enginesOf(ready, 'transcribe').flatMap(({ defaultModel }) => defaultModel ?? []);
  // A wish counts as soon as one worker has been able to fulfil it.
  return defaults.find((name) => name === wishedDefault) ?? defaults[0];
}

/** Whether more models may still come: no worker has looked at its own yet. */
export function awaitsModels({ workers }: Fleet): boolean {
  return (
    enginesOf(
      workers.filter(({ state }) => state !== 'starting'),
      'transcribe',
    ).length === 0
  );
}

/** What a request without a model gets: what the workers hold, else the configured one; null before any was seen. */
export function currentModelName(fleet: Fleet, configured: string | null): string | null {
  return loadedModelName(fleet) ?? configured;
}

/** What users of an installed model should know. */
export function warningsOf({ name, fits, warning }: InstalledModel): string[] {
  return [...(warning === null ? [] : [warning]), ...(fits ? [] : [`No running worker has the memory for ${name}.`])];
}

export function isModelLoaded(fleet: Fleet): boolean {
  return loadedModelName(fleet) !== undefined;
}

/** The same as milliseconds of audio in a second: what secondsUntilDone takes. */
export function fleetMsPerSecond(fleet: Pick<Fleet, 'workers'>): number | null {
  const rtfx = fleetRtfx(fleet);
  return rtfx === null ? null : rtfx * 1000;
}

/** What of a fleet tells how fast it is. */
export interface EnginesOfFleet {
  workers: readonly Pick<Heartbeat, 'engines'>[];
}

/** Seconds of audio, heard or spoken, per wall second of all workers together; null before any has measured. */
export function fleetRtfx({ workers }: EnginesOfFleet, kind: EngineKind = 'transcribe'): number | null {
  const measured = enginesOf(workers, kind).flatMap(({ speed }) => speed ?? []);
  return measured.length === 0 ? null : measured.reduce((sum, rtfx) => sum + rtfx, 0);
}
