import {
  AddressGuard,
  configText,
  createLogger,
  EnvError,
  EnvReload,
  Lifecycle,
  logLevelOf,
  parseEnv,
  startTracing,
  unusedNameNotes,
} from '@sotto/runtime';
import { openDeps } from './deps.ts';
import { cudaEnvironment } from './device.ts';
import { type WorkerEnv, workerEnvSchema } from './env.ts';
import { buildWorker } from './worker.ts';

/** Read by libgomp when the engine is loaded: without it, a busy neighbour makes every barrier of the engine spin. */
process.env.GOMP_SPINCOUNT ??= '1000';

const read = (): WorkerEnv => parseEnv(workerEnvSchema, process.env, '.env');

const env = readOrExit();
if (process.argv.includes('--print-config')) process.stdout.write(configText(workerEnvSchema, process.env, '.env'));
else await work();

async function work(): Promise<void> {
  // Before the engine is loaded: CUDA looks once.
  Object.assign(process.env, cudaEnvironment(env.WHISPER_DEVICE, process.env));
  process.title = `sotto-worker ${env.SOTTO_ROLES.join(',')}`;
  const logger = createLogger({ service: 'sotto-worker', level: logLevelOf(env) });
  const guard = new AddressGuard(env.ALLOWED_NETWORKS);
  const lifecycle = new Lifecycle({ logger });
  const reload = new EnvReload({
    schema: workerEnvSchema,
    env: { ...env },
    read,
    // Whoever has `env` reads it when a value is needed.
    apply: (now) => {
      Object.assign(env, now);
      guard.allow(env.ALLOWED_NETWORKS);
      logger.setLevel(logLevelOf(env));
    },
  });
  lifecycle.onSignals({
    onReload: () => {
      try {
        logger.info('The configuration was read again', { ...reload.run() });
      } catch (error) {
        logger.error('The configuration cannot be used and stays as it was', { error });
      }
    },
  });
  // The launcher that started this process has died: stop as if it had asked for it.
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  for (const note of unusedNameNotes(process.env)) logger.warning(note);

  try {
    await startTracing(
      { endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT, service: 'sotto-worker', version: env.APP_VERSION },
      lifecycle,
    );
    await buildWorker(await openDeps(env, process.env.PATH ?? '', { logger, lifecycle, guard })).start();
  } catch (error) {
    if (!lifecycle.isStopping) {
      logger.critical('the worker cannot start', { error });
      process.exitCode = 1;
    }
    await lifecycle.stop('start failed');
  }
}

function readOrExit(): WorkerEnv {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(78);
  }
}
