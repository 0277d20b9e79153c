import { UnexpectedAnswerError } from '@sotto/client';
import { CommandError, EXIT } from '../exit-codes.ts';
import { findService } from '../service/presence.ts';
import type { Settings } from '../settings.ts';

/** Where a service is to be, and who says so; null: it runs here, or would run here. */
export interface ServiceAddress {
  url: string;
  namedBy: '--server' | 'SOTTO_SERVER' | null;
}

/** The service that the command line or SOTTO_SERVER names, else the one that runs here, else null. */
export async function addressOf(named: string | undefined, settings: Settings): Promise<ServiceAddress | null> {
  if (named !== undefined) return { url: named, namedBy: '--server' };
  if (settings.server !== null) return { url: settings.server, namedBy: 'SOTTO_SERVER' };
  const running = await findService(settings.dataFolder);
  return running === null ? null : { url: running.url, namedBy: null };
}

/** As `addressOf`; where nothing runs, the address at which `npm start` would listen. */
export async function addressOfRunning(named: string | undefined, settings: Settings): Promise<ServiceAddress> {
  return (await addressOf(named, settings)) ?? usualAddress(settings);
}

export const usualAddress = ({ host, port }: Settings): ServiceAddress => ({
  url: `http://${host}:${port}`,
  namedBy: null,
});

/**
 * A service that does not answer: what is the case, and what can be done.
 * @param otherwise what the command does when no service is named
 */
export function noAnswer(
  { url, namedBy }: ServiceAddress,
  cause: Error,
  otherwise = 'the service on this machine is used then.',
): CommandError {
  const hint =
    namedBy === null
      ? 'Start it with npm start, or name a service with --server. sotto doctor finds out what is wrong.'
      : `Start one there, or leave out ${namedBy}: ${otherwise}`;
  const what =
    cause instanceof UnexpectedAnswerError
      ? `What answers at ${url} is not Sotto: ${cause.message}`
      : `No Sotto answers: ${cause.message}.`;
  return new CommandError(`${what}\n${hint}`, EXIT.unreachable, { cause });
}
