import { configText, EnvError, parseEnv, unusedNameNotes } from '@sotto/runtime';
import { buildApp } from './app.ts';
import { openDeps } from './deps.ts';
import { addressOf, closeServer, listen } from './http/server.ts';
import { type ApiEnv, apiEnv } from './settings/env.ts';
import { settingsOf } from './settings/settings.ts';
import { announceWyoming } from './wyoming/announce.ts';
import { openWyoming, wyomingDeps } from './wyoming/server.ts';

const read = (): ApiEnv => parseEnv(apiEnv, process.env, '.env');

async function serve(env: ApiEnv): Promise<void> {
  const { deps, lifecycle, log } = await openDeps(env, read, process.env.PATH ?? '');
  const { settings } = deps;
  lifecycle.onSignals({ onReload: () => log.reloading(deps.reload) });
  // A launcher that dies takes the channel with it: nobody would be left to stop this process.
  if (process.channel) process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  log.configured(settings, unusedNameNotes(process.env));
  const server = await listen(buildApp(deps), { host: env.HOST, port: env.PORT });
  const limitMs = settings.shutdownGraceMs + 3_000;
  lifecycle.own('http server', () => closeServer(server, limitMs), 2 * limitMs);
  log.listening(addressOf(server), settings.version);
  if (env.WYOMING_PORT === undefined) return;
  const place = { host: env.WYOMING_HOST, port: env.WYOMING_PORT };
  const wyoming = await openWyoming(place, wyomingDeps(deps));
  lifecycle.own('wyoming server', () => wyoming.close());
  log.listening(wyoming.address, settings.version);
  if (env.WYOMING_ZEROCONF === undefined) return;
  lifecycle.own('announcement', await announceWyoming({ name: env.WYOMING_ZEROCONF, ...place }, deps.logger));
}

try {
  const env = read();
  settingsOf(env);
  if (process.argv.includes('--print-config')) process.stdout.write(configText(apiEnv, process.env, '.env'));
  else await serve(env);
} catch (error) {
  process.stderr.write(
    `${error instanceof EnvError ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
  );
  process.exit(1);
}
