/** Milliseconds since 1970 -> ISO 8601 in UTC, as every date on the wire is written. */
export const toIso = (ms: number): string => new Date(ms).toISOString();

export const toIsoOrNull = (ms: number | null): string | null => (ms === null ? null : toIso(ms));

/** Milliseconds -> minutes with two decimals, as quotas are told. */
export const toMinutes = (ms: number): number => Math.round(ms / 600) / 100;
