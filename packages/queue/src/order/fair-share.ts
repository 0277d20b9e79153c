import type { Lane } from '@sotto/contracts';

/** An unfinished run, as far as the order of work is concerned. */
export interface UnfinishedRun {
  id: string;
  /** Cost still to be done, in the unit of its kind. */
  cost: number;
  lane: Lane;
  keyId: string | null;
  /** Of its key; 1 is the default. */
  weight: number;
}

/**
 * When unfinished runs will be done, if no more come: the order of work (priorities.ts) as a fluid model. All of the
 * interactive lane comes first. In its lane, a run has an equal share of its key's weight; until it is done, every
 * other run of the lane is worked off in proportion to its own share, up to its cost (generalized processor sharing;
 * Parekh and Gallager 1993). Built once for many runs, then queried in O(log n).
 */
export class FairShares {
  readonly #laneOf = new Map<string, Lane>();
  readonly #paces: Map<string, number>;
  readonly #lanes: Record<Lane, LaneSums>;

  constructor(unfinished: readonly UnfinishedRun[]) {
    const runsOf = new Map<string, number>();
    const party = ({ lane, keyId }: UnfinishedRun) => `${lane}:${keyId ?? ''}`;
    for (const run of unfinished) runsOf.set(party(run), (runsOf.get(party(run)) ?? 0) + 1);
    const runs = unfinished.map((run) => {
      const share = run.weight / (runsOf.get(party(run)) ?? 1);
      return { ...run, share, pace: run.cost / share };
    });
    for (const { id, lane } of runs) this.#laneOf.set(id, lane);
    this.#paces = new Map(runs.map(({ id, pace }) => [id, pace]));
    const sumsOf = (of: Lane) => new LaneSums(runs.filter(({ lane }) => lane === of));
    this.#lanes = { interactive: sumsOf('interactive'), batch: sumsOf('batch') };
  }

  has(runId: string): boolean {
    return this.#laneOf.has(runId);
  }

  /** The cost that will have been worked off when this run is done, including its own; null: unknown run. */
  costUntilDone(runId: string): number | null {
    const [lane, pace] = [this.#laneOf.get(runId), this.#paces.get(runId)];
    if (lane === undefined || pace === undefined) return null;
    const before = lane === 'batch' ? this.#lanes.interactive.total : 0;
    return before + this.#lanes[lane].costUntil(pace);
  }
}

/** How much of a lane has been worked off when each of its runs has had `pace` times its share, up to its cost. */
class LaneSums {
  /** Ascending: cost of a run over its share. */
  readonly #paces: number[] = [];
  /** At i: of the first i runs. */
  readonly #costs: number[] = [0];
  readonly #shares: number[] = [0];

  constructor(runs: readonly { cost: number; share: number; pace: number }[]) {
    for (const { cost, share, pace } of [...runs].sort((a, b) => a.pace - b.pace)) {
      this.#paces.push(pace);
      this.#costs.push((this.#costs.at(-1) ?? 0) + cost);
      this.#shares.push((this.#shares.at(-1) ?? 0) + share);
    }
  }

  get total(): number {
    return this.#costs.at(-1) ?? 0;
  }

  costUntil(pace: number): number {
    const done = this.#countUpTo(pace);
    const sharesLeft = (this.#shares.at(-1) ?? 0) - (this.#shares[done] ?? 0);
    return (this.#costs[done] ?? 0) + pace * sharesLeft;
  }

  #countUpTo(pace: number): number {
    let [low, high] = [0, this.#paces.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#paces[middle] ?? 0) <= pace) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
