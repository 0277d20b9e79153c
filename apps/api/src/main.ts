import { EnvError, parseEnv, unusedNameNotes } from '@sotto/runtime';
import { buildApp } from './app.ts';
import { openDeps } from './deps.ts';
import { addressOf, closeServer, listen } from './http/server.ts';
import { apiEnv } from './settings/env.ts';

try {
  const env = parseEnv(apiEnv, process.env, '.env');
  const { deps, lifecycle, log } = await openDeps(env);
  const { settings } = deps;
  lifecycle.onSignals();
  // A launcher that dies takes the channel with it: nobody would be left to stop this process.
  if (process.channel) process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  log.configured(settings, unusedNameNotes(process.env));
  const server = await listen(buildApp(deps), { host: env.HOST, port: env.PORT });
  const limitMs = settings.shutdownGraceMs + 3_000;
  lifecycle.own('http server', () => closeServer(server, limitMs), 2 * limitMs);
  log.listening(addressOf(server), settings.version);
} catch (error) {
  process.stderr.write(
    `${error instanceof EnvError ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
  );
  process.exit(1);
}
