import { COST_UNIT_NAMES, COST_UNITS, type CostUnit } from '../catalog/costs.ts';
import type { Keys } from './keys.ts';

/** Newest events a run keeps; a 14-hour recording stays below. A reader who comes too late takes the result. */
export const EVENT_STREAM_CAP = 20_000;

/** What several scripts are told in the same shape; lua/include says what they do with it. */
export class ScriptParts {
  readonly #keys: Keys;
  readonly outbox: { stem: string; channel: string };

  constructor(keys: Keys) {
    this.#keys = keys;
    this.outbox = { stem: keys.outbox.stem, channel: keys.outbox.notifications };
  }

  /** Where a run tells what happens. */
  feed(runId: string): { key: string; cap: number; channel: string } {
    return { key: this.#keys.runs.events(runId), cap: EVENT_STREAM_CAP, channel: this.#keys.runs.notifications(runId) };
  }

  unit(name: CostUnit) {
    return { name, ...COST_UNITS[name] };
  }

  /** Of one unit, of all keys and (with the key's id put in between) of each. */
  backlogs(name: CostUnit): { all: string; keyStem: string; suffix: string } {
    return {
      all: this.#keys.order.backlog(name),
      keyStem: this.#keys.order.backlogOfKeyStem,
      suffix: COST_UNITS[name].backlogSuffix,
    };
  }

  /** Of one API key, in every unit. */
  backlogsOfKey(keyId: string | null): string[] {
    return COST_UNIT_NAMES.map((name) => this.#keys.order.backlogOfKey(keyId, name));
  }
}
