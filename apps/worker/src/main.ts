import { createLogger, EnvError, Lifecycle, logLevelOf, parseEnv, unusedNameNotes } from '@sotto/runtime';
import { openDeps } from './deps.ts';
import { type WorkerEnv, workerEnvSchema } from './env.ts';
import { buildWorker } from './worker.ts';

/** Read by libgomp when the engine is loaded: without it, a busy neighbour makes every barrier of the engine spin. */
process.env.GOMP_SPINCOUNT ??= '1000';

const env = readEnv();
process.title = `sotto-worker ${env.SOTTO_ROLES.join(',')}`;
const logger = createLogger({ service: 'sotto-worker', level: logLevelOf(env) });
const lifecycle = new Lifecycle({ logger });
lifecycle.onSignals();
// The launcher that started this process has died: stop as if it had asked for it.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
for (const note of unusedNameNotes(process.env)) logger.warning(note);

try {
  await buildWorker(await openDeps(env, process.env.PATH ?? '', { logger, lifecycle })).start();
} catch (error) {
  if (!lifecycle.isStopping) {
    logger.critical('the worker cannot start', { error });
    process.exitCode = 1;
  }
  await lifecycle.stop('start failed');
}

function readEnv(): WorkerEnv {
  try {
    return parseEnv(workerEnvSchema, process.env, '.env');
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(78);
  }
}
