/**
 * What work costs, in the unit of its kind. A unit's names in Redis are also known to builds before units, which counted
 * audio only.
 */
export interface CostUnitDefinition {
  /** Field of a run's hash: what it turned out to cost. */
  runField: string;
  /** Fields of a period's usage: expected of accepted runs, of runs whose cost is known, of completed ones. */
  usage: { reserved: string; used: string; done: string };
  /** Quotas, among the limits of an API key; `scale`: units of cost in one of the limit. */
  quotas: { day: string; month: string; scale: number };
  /** Ends the names of its backlogs; '' for the first unit there was. */
  backlogSuffix: string;
}

export const COST_UNITS = {
  audio_ms: {
    runField: 'durationMs',
    usage: { reserved: 'held', used: 'used', done: 'audioMs' },
    quotas: { day: 'audioMinutesPerDay', month: 'audioMinutesPerMonth', scale: 60_000 },
    backlogSuffix: '',
  },
  characters: {
    runField: 'characters',
    usage: { reserved: 'heldCharacters', used: 'usedCharacters', done: 'characters' },
    quotas: { day: 'charactersPerDay', month: 'charactersPerMonth', scale: 1 },
    backlogSuffix: ':characters',
  },
} as const satisfies Record<string, CostUnitDefinition>;

export type CostUnit = keyof typeof COST_UNITS;
export const COST_UNIT_NAMES = Object.keys(COST_UNITS) as CostUnit[];
