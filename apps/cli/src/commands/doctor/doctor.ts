import type { ExitCode } from '../../exit-codes.ts';
import { readSettings } from '../../settings.ts';
import { checkMachine } from './machine.ts';
import { checkBatch, checkEngine, checkModels } from './models.ts';
import { reportOf } from './report.ts';
import { checkPort, checkRedis, checkService } from './service.ts';
import { checkTools } from './tools.ts';

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
  return reportOf(checks);
}
