import { LANES, type Lane, type Run } from '@sotto/contracts';
import type { Catalog } from '../catalog/catalog.ts';
import type { LaneRule, RunKindDefinition } from '../catalog/runs.ts';

/**
 * All rules about lanes. A request is sent in a lane: interactive when its sender waits for the answer, else batch, or
 * the one that was asked for. Once its cost is known, a run that costs little becomes interactive however it was sent,
 * unless its sender asked for the batch lane. A run of the batch lane becomes interactive when an interactive request
 * joins it.
 */

/** Whether it is expected to cost little. Its own job prepares a small run; others have a child job for it. */
export function isSmall(definition: RunKindDefinition, input: unknown): boolean {
  return definition.guessCost(input) <= definition.lane.smallUpTo;
}

/** The lane in which a run waits for its first turn: small ones are interactive, since they hardly delay the others. */
export function laneOfFirstTurn(run: Run, catalog: Catalog): Lane {
  const definition = catalog.run(run.kind);
  return isSmall(definition, inputOf(run, definition)) ? 'interactive' : run.lane;
}

/** The lane of a run whose cost is known, unless its sender asked for the batch lane; null: it stays in its lane. */
export function settledLane({ interactiveUpTo }: LaneRule, cost: number): Lane | null {
  return cost <= interactiveUpTo ? 'interactive' : null;
}

/** Whether a run comes into the interactive lane when a request of this lane joins it. */
export function movesUpWhenJoined(lane: Lane): boolean {
  return lane === 'interactive';
}

/**
 * The queue of a job. Windows of the interactive lane have their own, the twin of the one in the catalog: a priority
 * only decides which job is next when a slot becomes free, and for these a worker has slots of their own.
 */
export function queueOf(jobKind: string, lane: Lane, catalog: Catalog): string {
  const { queue } = catalog.job(jobKind);
  return lane === 'interactive' ? (catalog.queue(queue).interactiveTwin ?? queue) : queue;
}

/** Queues in which children of a run wait. */
export function childQueueNames(catalog: Catalog): string[] {
  return queuesOfJobs('child', catalog);
}

/** Queues whose jobs belong to runs. */
export function workQueueNames(catalog: Catalog): string[] {
  return [...new Set([...queuesOfJobs('driver', catalog), ...childQueueNames(catalog)])];
}

function queuesOfJobs(ofRun: 'driver' | 'child', catalog: Catalog): string[] {
  const kinds = catalog.jobKinds.filter((kind) => catalog.job(kind).ofRun === ofRun);
  return [...new Set(kinds.flatMap((kind) => LANES.map((lane) => queueOf(kind, lane, catalog))))];
}

/** The input of a run, whatever its field is called. */
export function inputOf(run: Run, definition: RunKindDefinition): unknown {
  return (run as unknown as Record<string, unknown>)[definition.input.field];
}
