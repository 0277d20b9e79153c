import { isIP } from 'node:net';
import type { Logger } from '@sotto/runtime';

export interface Announcement {
  /** Under which the service is found; where another one in the network has it, a number is added. */
  name: string;
  host: string;
  port: number;
}

/**
 * Tells the local network by multicast DNS (RFC 6762) that Wyoming is spoken here, which is how Home Assistant offers to set it
 * up: on the address that is listened on, or on all where any is. That it cannot be told stops nothing.
 *
 * @returns takes it back
 */
export async function announceWyoming(
  { name, host, port }: Announcement,
  logger: Pick<Logger, 'warning'>,
): Promise<() => Promise<void>> {
  // It hooks into the traces of all errors where it is loaded.
  const { getResponder } = await import('@homebridge/ciao');
  const isOne = !isWildcard(host);
  const responder = getResponder(isOne ? { interface: host } : {});
  const addresses = isOne ? { restrictedAddresses: [host] } : {};
  const service = responder.createService({ name, type: 'wyoming', port, ...addresses });
  await service.advertise().catch((error: unknown) => {
    logger.warning('The local network could not be told that Wyoming is spoken here', { error });
  });
  return () => responder.shutdown();
}

const isWildcard = (host: string): boolean => host === '0.0.0.0' || host === '::' || isIP(host) === 0;
