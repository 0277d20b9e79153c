import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { readSettings } from '../../settings.ts';
import { result, table } from '../../terminal/output.ts';
import type { Check, Verdict } from './check.ts';
import { checkMachine } from './machine.ts';
import { checkBatch, checkEngine, checkModels } from './models.ts';
import { checkPort, checkRedis, checkService } from './service.ts';
import { checkTools } from './tools.ts';

const WORDS: Record<Verdict, string> = { ok: 'ok', warning: 'warn', problem: 'FAIL' };

/** What is not well is followed by what to do about it. */
function rowsOf({ what, verdict, detail, hint }: Check): string[][] {
  const row = [WORDS[verdict], what, detail];
  return hint === null ? [row] : [row, ['', '', `-> ${hint}`]];
}

/** Checks everything Sotto needs here. Exit status 1 when something would keep it from working. */
export async function doctor(): Promise<ExitCode> {
  const settings = readSettings(process.env);
  const checks = (
    await Promise.all([
      checkTools(settings.redisUrl !== null),
      checkMachine(settings),
      checkEngine(),
      checkModels(settings),
      checkBatch(settings),
      checkRedis(settings),
      checkPort(settings),
      checkService(settings),
    ])
  ).flat();
  result(table(checks.flatMap(rowsOf)));
  return checks.some(({ verdict }) => verdict === 'problem') ? EXIT.failed : EXIT.ok;
}
