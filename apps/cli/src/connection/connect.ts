import { join } from 'node:path';
import { SottoClient } from '@sotto/client';
import { CommandError, EXIT } from '../exit-codes.ts';
import { RememberedUploads } from '../recordings/remembered-uploads.ts';
import { findService } from '../service/presence.ts';
import type { Settings } from '../settings.ts';
import type { Connection } from './connection.ts';
import { startTemporaryService } from './temporary-service.ts';

/** The service asked for; else the one that runs here; else one of our own until `stop`. */
export async function connect(wanted: string | null, settings: Settings, signal: AbortSignal): Promise<Connection> {
  const url = await addressOf(wanted, settings);
  if (url === null) return startTemporaryService(settings, signal);
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
export async function clientOfRunning(wanted: string | null, settings: Settings): Promise<SottoClient> {
  return clientFor((await addressOf(wanted, settings)) ?? `http://${settings.host}:${settings.port}`, settings);
}

async function addressOf(wanted: string | null, settings: Settings): Promise<string | null> {
  return wanted ?? settings.server ?? (await findService(settings.dataFolder))?.url ?? null;
}

function clientFor(url: string, { apiKey }: Settings): SottoClient {
  if (!URL.canParse(url)) throw new CommandError(`${url} is not an address such as http://127.0.0.1:8000.`, EXIT.usage);
  return new SottoClient({ baseUrl: url, ...(apiKey !== null && { apiKey }) });
}
