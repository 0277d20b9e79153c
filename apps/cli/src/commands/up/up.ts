import { once } from 'node:events';
import { VERSION } from '@sotto/runtime';
import type { ChosenModel } from '@sotto/whisper';
import { CommandError, EXIT, type ExitCode } from '../../exit-codes.ts';
import { freePort } from '../../processes/free-port.ts';
import { LocalService } from '../../service/local-service.ts';
import { prepareModel } from '../../service/model.ts';
import { findService, takeDataFolder } from '../../service/presence.ts';
import { sampleFor } from '../../service/sample.ts';
import { prepareSpeech } from '../../service/speech.ts';
import { readSettings, type Settings } from '../../settings.ts';
import { prefixed } from '../../terminal/log-lines.ts';
import { bytesText, note, result, survivesClosedOutput } from '../../terminal/output.ts';
import { listenForStop } from '../../terminal/stop-signals.ts';
import { watchSources } from './restart-on-change.ts';
import { runSelfTest } from './self-test.ts';

export interface UpOptions {
  selfTest: boolean;
  watch: boolean;
  withSpeech?: boolean;
}

/** Runs the whole service on this machine until it is told to stop. */
export async function up(options: UpOptions): Promise<ExitCode> {
  survivesClosedOutput();
  const settings = await withPort(readSettings(process.env));
  const service: { current: LocalService | null } = { current: null };
  const stop = listenForStop(() => service.current?.kill());
  const onReload = (): void => service.current?.reload();
  process.on('SIGUSR2', onReload);
  const giveBack = await ownDataFolder(settings, () => service.current?.redisUrl ?? null);
  try {
    note(`Starting Sotto ${VERSION} ...`);
    const model = await prepareModel(settings, stop.signal);
    if (options.withSpeech) await prepareSpeech(settings, stop.signal);
    service.current = localService({ ...settings, model: model.name });
    await serve(service.current, settings, model, options, stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    await service.current?.stop();
    await giveBack();
    process.off('SIGUSR2', onReload);
    stop.release();
  }
  note('Stopped.');
  return EXIT.ok;
}

async function serve(
  service: LocalService,
  settings: Settings,
  model: ChosenModel,
  options: UpOptions,
  signal: AbortSignal,
): Promise<void> {
  signal.addEventListener('abort', () => void service.stop());
  await service.start();
  if (options.selfTest) await selfTest(service, settings, model, signal);
  result(whereToGo(service.url, model));
  if (options.watch) watchSources(() => service.restartApps(), signal);
  if (!signal.aborted) await once(signal, 'abort');
  note('Stopping ...');
}

async function selfTest(
  service: LocalService,
  settings: Settings,
  model: ChosenModel,
  signal: AbortSignal,
): Promise<void> {
  const sample = sampleFor(model.name);
  const { text, elapsedMs, asSpoken } = await runSelfTest(service.url, sample, settings.apiKey, signal);
  result(`Self-test (${(elapsedMs / 1_000).toFixed(1)} s): ${text}`);
  if (!asSpoken) note(`What is said in the sample: ${sample.text}`);
}

function whereToGo(url: string, model: ChosenModel): string {
  const lines = [
    '',
    `Sotto is ready at ${url}`,
    `  model          ${model.name} (${bytesText(model.bytes)}${model.multilingual ? '' : ', English only'})`,
    `  the page       ${url}/app/`,
    `  documentation  ${url}/docs`,
    `  from a shell   curl -F file=@recording.mp3 ${url}/transcribe`,
    '  or             npx sotto transcribe recording.mp3',
    '  to stop        Ctrl-C',
  ];
  if (model.warning !== null)
    lines.push('', `WARNING: ${model.warning}`, 'Install a real model: npx sotto models install base');
  return `${lines.join('\n')}\n`;
}

function localService(settings: Settings): LocalService {
  const forPeople = Boolean(process.stderr.isTTY);
  return new LocalService({
    settings,
    env: process.env,
    events: {
      onLine: (name, line) => note(prefixed(name, line, forPeople)),
      onRestart: (name, detail) => note(`${name} ${detail}`),
    },
  });
}

async function withPort(settings: Settings): Promise<Settings> {
  const running = await findService(settings.dataFolder);
  if (running !== null) throw alreadyRuns(settings, running.url, running.pid);
  const port = await freePort(settings.host, settings.port);
  if (port !== null) return { ...settings, port };
  throw new CommandError(
    `Port ${settings.port} is in use by another program. Stop it, or choose another port: PORT=${settings.port + 1} npm start`,
  );
}

async function ownDataFolder(settings: Settings, redisUrl: () => string | null): Promise<() => Promise<void>> {
  const url = `http://${settings.host}:${settings.port}`;
  const giveBack = await takeDataFolder(settings.dataFolder, () => ({ pid: process.pid, url, redisUrl: redisUrl() }));
  if (giveBack === null) throw alreadyRuns(settings, url, null);
  return giveBack;
}

function alreadyRuns(settings: Settings, url: string, pid: number | null): CommandError {
  const who = pid === null ? '' : ` (pid ${pid})`;
  return new CommandError(`Sotto is already running at ${url}${who}, with the data in ${settings.dataFolder}.`);
}
