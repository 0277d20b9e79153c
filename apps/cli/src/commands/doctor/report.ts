import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { result, table } from '../../terminal/output.ts';
import type { Check, Verdict } from './check.ts';

const WORDS: Record<Verdict, string> = { ok: 'ok', warning: 'warn', problem: 'FAIL' };

/** Prints the checks. Exit status 1 when something would keep Sotto from working. */
export function reportOf(checks: readonly Check[]): ExitCode {
  result(table(checks.flatMap(rowsOf)));
  return checks.some(({ verdict }) => verdict === 'problem') ? EXIT.failed : EXIT.ok;
}

/** What is not well is followed by what to do about it. */
function rowsOf({ what, verdict, detail, hint }: Check): string[][] {
  const row = [WORDS[verdict], what, detail];
  return hint === null ? [row] : [row, ['', '', `-> ${hint}`]];
}
