import { join } from 'node:path';
import { SottoClient } from '@sotto/client';
import { CommandError, EXIT } from '../exit-codes.ts';
import { RememberedUploads } from '../recordings/remembered-uploads.ts';
import type { Settings } from '../settings.ts';
import type { Connection, StartService } from './connection.ts';
import { isNoAnswer, reasonOf } from './refusal.ts';
import { addressOf, noAnswer, type ServiceAddress, usualAddress } from './service-address.ts';

const HEALTH_TIMEOUT_MS = 10_000;
const OTHERWISE = 'the service on this machine is used then, or a temporary one is started.';

/**
 * The service that is named; else the one that runs here; else a temporary one, until `stop`. A named service is never
 * replaced by another: whoever names one has a reason.
 * @throws CommandError when the service does not answer
 */
export async function connect(
  named: string | undefined,
  settings: Settings,
  signal: AbortSignal,
  startService: StartService | null,
): Promise<Connection> {
  const found = await addressOf(named, settings);
  if (found === null && startService !== null) return startService(settings, signal);
  const address = found ?? usualAddress(settings);
  const client = clientFor(address, settings);
  await mustAnswer(client, address, signal);
  const { url, namedBy } = address;
  const uploads = namedBy === null ? null : new RememberedUploads(join(settings.dataFolder, 'uploads'), url);
  return { client, uploads, stop: async () => {}, kill: () => {} };
}

export const clientFor = ({ url }: ServiceAddress, { apiKey }: Settings): SottoClient =>
  new SottoClient({ baseUrl: url, apiKey });

async function mustAnswer(client: SottoClient, address: ServiceAddress, signal: AbortSignal): Promise<void> {
  const timeout = AbortSignal.timeout(HEALTH_TIMEOUT_MS);
  try {
    await client.health({ signal: AbortSignal.any([signal, timeout]) });
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted) throw noAnswer(address, new Error(`${address.url} is silent`), OTHERWISE);
    if (!isNoAnswer(error)) throw new CommandError(reasonOf(error), EXIT.unreachable, { cause: error });
    throw noAnswer(address, error, OTHERWISE);
  }
}
