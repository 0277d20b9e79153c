import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SottoClient } from '@sotto/client';
import { CommandError, EXIT } from '../exit-codes.ts';
import { freePort } from '../processes/free-port.ts';
import { LocalService } from '../service/local-service.ts';
import { prepareModel } from '../service/model.ts';
import type { Settings } from '../settings.ts';
import { note } from '../terminal/output.ts';
import type { Connection } from './connection.ts';

const LOG_LINES_SHOWN = 40;

/** Redis and uploads in a temporary folder, models where they always are; its log is shown only when it fails. */
export async function startTemporaryService(settings: Settings, signal: AbortSignal): Promise<Connection> {
  note('No Sotto is running here: starting a temporary one. (npm start keeps one running.)');
  const model = await prepareModel(settings, signal);
  if (model.warning !== null) note(`WARNING: ${model.warning}`);
  const dataFolder = await mkdtemp(join(tmpdir(), 'sotto-'));
  const own = {
    dataFolder,
    blobFolder: join(dataFolder, 'blobs'),
    host: '127.0.0.1',
    port: (await freePort('127.0.0.1')) ?? 0,
    // What is kept here belongs to the service that keeps running: this one has neither its recordings nor its jobs.
    databaseUrl: 'none',
  };
  const log: string[] = [];
  const remember = (line: string): void => {
    log.push(line);
  };
  const service = new LocalService({
    settings: { ...settings, ...own, redisUrl: null, model: model.name },
    env: {
      ...process.env,
      ENABLE_API_KEY: 'false',
      ALLOW_OPEN_ACCESS: 'true',
      ENABLE_RATE_LIMIT: 'false',
      LOG_LEVEL: 'WARNING',
    },
    events: {
      onLine: (name, line) => remember(`${name} | ${line}`),
      onRestart: (name, detail) => remember(`${name} ${detail}`),
    },
  });
  const stop = async (): Promise<void> => {
    await service.stop();
    await rm(dataFolder, { recursive: true, force: true });
  };
  signal.addEventListener('abort', () => void service.stop());
  try {
    await service.start();
  } catch (cause) {
    await stop();
    signal.throwIfAborted();
    note(log.slice(-LOG_LINES_SHOWN).join('\n'));
    throw new CommandError('The temporary service did not start.', EXIT.unreachable, { cause });
  }
  return { client: new SottoClient({ baseUrl: service.url }), uploads: null, stop, kill: () => service.kill() };
}
