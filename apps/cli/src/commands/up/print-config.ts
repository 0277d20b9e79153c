import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { CommandError, EXIT, type ExitCode } from '../../exit-codes.ts';
import { appArguments } from '../../home.ts';
import { appEnvironment, workerEnvironments } from '../../service/environment.ts';
import { readSettings } from '../../settings.ts';
import { result } from '../../terminal/output.ts';

const run = promisify(execFile);

/** Stands for the address that only a started Redis has. */
const OWN_REDIS = 'redis://127.0.0.1/0';

/** What the API and the worker would be started with, as they read it; starts nothing. */
export async function printConfig(): Promise<ExitCode> {
  const settings = readSettings(process.env);
  const env = appEnvironment(settings, process.env, settings.redisUrl ?? OWN_REDIS);
  await mkdir(settings.home, { recursive: true });
  if (settings.redisUrl === null) result('# Redis is started by sotto up, on a free port.\n');
  const workers = workerEnvironments(settings).map(({ name, env: own }) => ({ app: 'worker' as const, name, own }));
  for (const { app, name, own } of [{ app: 'api' as const, name: 'api', own: {} }, ...workers]) {
    const { stdout } = await run(process.execPath, [...appArguments(app), '--print-config'], {
      cwd: settings.home,
      env: { ...env, ...own },
    }).catch((error: Error & { stderr?: string }) => {
      throw new CommandError((error.stderr ?? error.message).trim(), EXIT.usage, { cause: error });
    });
    result(`# ${name}\n${stdout}`);
  }
  return EXIT.ok;
}
