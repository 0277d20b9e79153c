import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SottoClient } from '@sotto/client';
import { CommandError, EXIT } from '../exit-codes.ts';
import { freePort } from '../processes/free-port.ts';
import { LocalService } from '../service/local-service.ts';
import { prepareModel } from '../service/model.ts';
import { findService } from '../service/presence.ts';
import type { Settings } from '../settings.ts';
import { note } from '../terminal/output.ts';
import { RememberedUploads } from './remembered-uploads.ts';

/** A service to send recordings to. */
export interface Server {
  client: SottoClient;
  /** Of a service that was named by its address; null: it runs here. */
  uploads: RememberedUploads | null;
  /** Stops it if it was started for the occasion. */
  stop(): Promise<void>;
  /** The same without patience. */
  kill(): void;
}

const LOG_LINES_SHOWN = 40;

/** The service asked for; else the one that runs here; else one of our own until `stop`. */
export async function findServer(wanted: string | null, settings: Settings, signal: AbortSignal): Promise<Server> {
  const url = await addressOf(wanted, settings);
  if (url === null) return startOwn(settings, signal);
  const client = clientFor(url, settings);
  try {
    await client.health({ signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]) });
  } catch (cause) {
    signal.throwIfAborted();
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(`No Sotto answers at ${url}: ${why}`, EXIT.unreachable, { cause });
  }
  const isNamed = (wanted ?? settings.server) !== null;
  const uploads = isNamed ? new RememberedUploads(join(settings.dataFolder, 'uploads'), url) : null;
  return { client, uploads, stop: async () => {}, kill: () => {} };
}

/** A client of the service asked for, of the one that runs here, or of the one that would be at HOST and PORT. */
export async function runningServer(wanted: string | null, settings: Settings): Promise<SottoClient> {
  return clientFor((await addressOf(wanted, settings)) ?? `http://${settings.host}:${settings.port}`, settings);
}

async function addressOf(wanted: string | null, settings: Settings): Promise<string | null> {
  return wanted ?? settings.server ?? (await findService(settings.dataFolder))?.url ?? null;
}

function clientFor(url: string, { apiKey }: Settings): SottoClient {
  if (!URL.canParse(url)) throw new CommandError(`${url} is not an address such as http://127.0.0.1:8000.`, EXIT.usage);
  return new SottoClient({ baseUrl: url, ...(apiKey !== null && { apiKey }) });
}

/** Redis and uploads in a temporary folder, models where they always are; its log is shown only when it fails. */
async function startOwn(settings: Settings, signal: AbortSignal): Promise<Server> {
  note('No Sotto is running here: starting one for this. (npm start keeps one running.)');
  const model = await prepareModel(settings, signal);
  if (model.warning !== null) note(`WARNING: ${model.warning}`);
  const dataFolder = await mkdtemp(join(tmpdir(), 'sotto-'));
  const own = {
    dataFolder,
    blobFolder: join(dataFolder, 'blobs'),
    host: '127.0.0.1',
    port: (await freePort('127.0.0.1')) ?? 0,
  };
  const log: string[] = [];
  const remember = (line: string): void => {
    log.push(line);
  };
  const service = new LocalService({
    settings: { ...settings, ...own, redisUrl: null, model: model.name },
    env: { ...process.env, ENABLE_API_KEY: 'false', ENABLE_RATE_LIMIT: 'false', LOG_LEVEL: 'WARNING' },
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
    throw new CommandError('The service for this occasion did not start.', EXIT.unreachable, { cause });
  }
  return { client: new SottoClient({ baseUrl: service.url }), uploads: null, stop, kill: () => service.kill() };
}
