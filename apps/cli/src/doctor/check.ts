export type Verdict = 'ok' | 'warning' | 'problem';

/** One line of `sotto doctor`. A problem keeps Sotto from working here; a warning makes it slower or smaller. */
export interface Check {
  what: string;
  verdict: Verdict;
  detail: string;
}

export const ok = (what: string, detail: string): Check => ({ what, verdict: 'ok', detail });
export const warning = (what: string, detail: string): Check => ({ what, verdict: 'warning', detail });
export const problem = (what: string, detail: string): Check => ({ what, verdict: 'problem', detail });
