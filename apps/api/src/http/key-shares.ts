import type { HeldLimits } from '@sotto/queue';
import type { ApiSettings } from '../settings/settings.ts';
import { isFromEnvironment } from './key-principal.ts';
import type { Principal } from './principal.ts';
import type { Space } from './space.ts';

type Owner = Pick<Principal, 'keyId'>;

/**
 * What a key without limits of its own may have: shares of the service, so that none can fill it alone. The keys of the
 * environment are its owner's, and without keys there is only one tenant.
 */
export class KeyShares {
  readonly #settings: Pick<
    ApiSettings,
    'keyShares' | 'maxQueueLength' | 'maxQueuedAudioMs' | 'maxQueuedCharacters' | 'maxOpenUploads'
  >;
  readonly #space: Pick<Space, 'health'>;

  constructor(settings: ApiSettings, space: Pick<Space, 'health'>) {
    this.#settings = settings;
    this.#space = space;
  }

  /** Of the queue. */
  queue(owner: Owner): { runs: number | null; audioMs: number | null; characters: number | null } {
    if (!isTenant(owner)) return { runs: null, audioMs: null, characters: null };
    const { keyShares, maxQueueLength, maxQueuedAudioMs, maxQueuedCharacters } = this.#settings;
    return {
      runs: Math.max(1, Math.floor(maxQueueLength * keyShares.queue)),
      audioMs: Math.floor(maxQueuedAudioMs * keyShares.hours),
      characters: Math.floor(maxQueuedCharacters * keyShares.hours),
    };
  }

  /** Of the disk; null where its size is unknown. */
  async held(owner: Owner): Promise<HeldLimits> {
    const openUploads = this.#settings.maxOpenUploads;
    if (!isTenant(owner)) return { openUploads, heldBytes: null };
    const { totalBytes } = await this.#space.health();
    const heldBytes = totalBytes === null ? null : Math.floor(totalBytes * this.#settings.keyShares.disk);
    return { openUploads, heldBytes };
  }
}

const isTenant = ({ keyId }: Owner): boolean => keyId !== null && !isFromEnvironment(keyId);
