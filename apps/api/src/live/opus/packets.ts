import { SottoError } from '@sotto/contracts';

/** Finds packets in a container that arrives in pieces. */
export interface PacketReader {
  /** @throws SottoError `invalid_request`: it is not that container, or not Opus in it */
  push(bytes: Buffer): Buffer[];
}

export const broken = (what: string): SottoError =>
  new SottoError('invalid_request', `The audio cannot be read: ${what}.`);
