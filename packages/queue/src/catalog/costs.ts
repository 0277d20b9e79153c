/**
 * The units in which the cost of work is counted. Builds before units counted audio only; they know its names in Redis.
 */
export interface CostUnitDefinition {
  /** Field of a run's hash: its cost, once that is known. */
  runField: string;
  /** Fields of a period's usage: expected cost of accepted runs, known cost of runs, cost of completed runs. */
  usage: { reserved: string; used: string; done: string };
  /** Names of the quotas among an API key's limits; `scale`: cost units in one unit of the limit. */
  quotas: { day: string; month: string; scale: number };
  /** Suffix of the names of its backlogs; '' for the first unit. */
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
