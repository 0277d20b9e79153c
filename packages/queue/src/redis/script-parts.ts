import { COST_UNIT_NAMES, COST_UNITS, type CostUnit } from '../catalog/costs.ts';
import type { Keys } from './keys.ts';

/** So many of its newest events are kept of a run; a 14-hour recording has fewer. Late readers take the result. */
export const EVENT_STREAM_CAP = 20_000;

/** Arguments that several scripts share; lua/include says what they do with them. */
export class ScriptParts {
  readonly #keys: Keys;
  readonly outbox: { stem: string; channel: string };

  constructor(keys: Keys) {
    this.#keys = keys;
    this.outbox = { stem: keys.outbox.stem, channel: keys.outbox.notifications };
  }

  /** Where the events of a run go. */
  feed(runId: string): { key: string; cap: number; channel: string } {
    return { key: this.#keys.runs.events(runId), cap: EVENT_STREAM_CAP, channel: this.#keys.runs.notifications(runId) };
  }

  unit(name: CostUnit) {
    return { name, ...COST_UNITS[name] };
  }

  /** Of one unit: that of all keys, and those of each key (its id goes between stem and suffix). */
  backlogs(name: CostUnit): { all: string; keyStem: string; suffix: string } {
    return {
      all: this.#keys.order.backlog(name),
      keyStem: this.#keys.order.backlogOfKeyStem,
      suffix: COST_UNITS[name].backlogSuffix,
    };
  }

  /** Of one API key, in all units. */
  backlogsOfKey(keyId: string | null): string[] {
    return COST_UNIT_NAMES.map((name) => this.#keys.order.backlogOfKey(keyId, name));
  }

  /** A resumable upload; `limits` null: it is limited by nothing. See lua/include/uploads.lua. */
  upload({ id, keyId }: { id: string; keyId: string | null }, retentionMs: number, limits: object | null) {
    const { uploads } = this.#keys;
    const own = { record: uploads.record(id), parts: uploads.parts(id), index: uploads.index };
    return { id, ...own, retentionMs, held: this.held(keyId), limits };
  }

  /** What an API key keeps on disk. */
  held(keyId: string | null): { key: string; uploadStem: string; runStem: string } {
    const { uploads, runs } = this.#keys;
    return { key: uploads.heldBy(keyId), uploadStem: uploads.stem, runStem: runs.stem };
  }
}
