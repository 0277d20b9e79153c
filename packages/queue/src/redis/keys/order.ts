import type { Lane } from '@sotto/contracts';
import { COST_UNITS, type CostUnit } from '../../catalog/costs.ts';
import { ANONYMOUS_KEY } from './access.ts';

/** Of the order of work. */
export class OrderKeys {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /**
   * Sorted set: run id -> cost still to be done, of every run that is processing and whose kind counts in this unit.
   */
  backlog(unit: CostUnit): string {
    return `${this.#prefix}:backlog${COST_UNITS[unit].backlogSuffix}`;
  }

  /** The same of one API key; null: of work without a key. */
  backlogOfKey(keyId: string | null, unit: CostUnit): string {
    return `${this.backlogOfKeyStem}${keyId ?? ANONYMOUS_KEY}${COST_UNITS[unit].backlogSuffix}`;
  }

  get backlogOfKeyStem(): string {
    return `${this.#prefix}:backlog:key:`;
  }

  /** Hash: key id -> its next turn, in the virtual time of that lane. */
  turns(queue: string, lane: Lane): string {
    return `${this.#prefix}:turns:${queue}:${lane}`;
  }
}
