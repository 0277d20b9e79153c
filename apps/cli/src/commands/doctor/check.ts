export type Verdict = 'ok' | 'warning' | 'problem';

/** One thing that `sotto doctor` checks. A problem keeps Sotto from working here; a warning makes it slower or smaller. */
export interface Check {
  what: string;
  verdict: Verdict;
  detail: string;
  /** What to do about it; null where all is well. */
  hint: string | null;
}

export const ok = (what: string, detail: string): Check => ({ what, verdict: 'ok', detail, hint: null });
export const warning = (what: string, detail: string, hint: string): Check => ({
  what,
  verdict: 'warning',
  detail,
  hint,
});
export const problem = (what: string, detail: string, hint: string): Check => ({
  what,
  verdict: 'problem',
  detail,
  hint,
});
