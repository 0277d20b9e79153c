import { LANES, type Lane, type Run } from '@sotto/contracts';
import type { Catalog } from '../catalog/catalog.ts';
import type { LaneRule, RunKindDefinition } from '../catalog/runs.ts';

/**
 * Every rule of lanes. A sender has a lane in mind (who waits for an answer: interactive; else batch, or what it asked
 * for). What costs little counts as interactive however it was sent, once its cost is known, unless its sender stepped
 * back. Joining a run of the batch lane and waiting for it brings it into the interactive one.
 */

/** Whether it looks as if it cost little: that is prepared in passing, others wait for a slot of their own. */
export function isSmall(definition: RunKindDefinition, input: unknown): boolean {
  return definition.guessCost(input) <= definition.lane.smallUpTo;
}

/** Where a run waits for its first turn: small ones go with the interactive ones, and cost them next to nothing. */
export function laneOfFirstTurn(run: Run, catalog: Catalog): Lane {
  const definition = catalog.run(run.kind);
  return isSmall(definition, inputOf(run, definition)) ? 'interactive' : run.lane;
}

/** The lane a run comes into when its cost is known, unless its sender stepped back; null: it stays where it is. */
export function settledLane({ interactiveUpTo }: LaneRule, cost: number): Lane | null {
  return cost <= interactiveUpTo ? 'interactive' : null;
}

/** Whether a run that is joined by a request of this lane comes into the interactive lane. */
export function movesUpWhenJoined(lane: Lane): boolean {
  return lane === 'interactive';
}

/**
 * Windows of the interactive lane have a queue of their own, the twin of the catalog's: priority decides who is next when
 * a slot gets free, and here none need get free, since workers take so many of these beside all others.
 */
export function queueOf(jobKind: string, lane: Lane, catalog: Catalog): string {
  const { queue } = catalog.job(jobKind);
  return lane === 'interactive' ? (catalog.queue(queue).interactiveTwin ?? queue) : queue;
}

/** Queues in which children of a run wait. */
export function childQueueNames(catalog: Catalog): string[] {
  return queuesOfJobs('child', catalog);
}

/** Queues whose jobs are work of runs, and no upkeep. */
export function workQueueNames(catalog: Catalog): string[] {
  return [...new Set([...queuesOfJobs('driver', catalog), ...childQueueNames(catalog)])];
}

function queuesOfJobs(ofRun: 'driver' | 'child', catalog: Catalog): string[] {
  const kinds = catalog.jobKinds.filter((kind) => catalog.job(kind).ofRun === ofRun);
  return [...new Set(kinds.flatMap((kind) => LANES.map((lane) => queueOf(kind, lane, catalog))))];
}

/** What came in, whatever its kind calls it. */
export function inputOf(run: Run, definition: RunKindDefinition): unknown {
  return (run as unknown as Record<string, unknown>)[definition.input.field];
}
