import { describe, expect, it } from '@jest/globals';
import type { ApiSettings } from '../settings/settings.ts';
import { ADMIN_KEY_ID, FIRST_KEY_ID } from './key-principal.ts';
import { KeyShares } from './key-shares.ts';

const settings = {
  keyShares: { queue: 0.5, hours: 0.25, disk: 0.1 },
  maxQueueLength: 9,
  maxQueuedAudioMs: 10_000,
  maxQueuedCharacters: 1_000,
  maxOpenUploads: 3,
} as ApiSettings;

const shares = (totalBytes: number | null) =>
  new KeyShares(settings, {
    health: async () => ({ kind: 'file', writable: true, freeBytes: totalBytes, totalBytes }),
  });

describe('KeyShares', () => {
  it('are parts of the queue, of its hours and of the disk', async () => {
    expect(shares(1_005).queue({ keyId: 'k' })).toEqual({ runs: 4, audioMs: 2_500, characters: 250 });
    expect(await shares(1_005).held({ keyId: 'k' })).toEqual({ openUploads: 3, heldBytes: 100 });
  });

  it('limit nothing on a disk of unknown size', async () => {
    expect(await shares(null).held({ keyId: 'k' })).toEqual({ openUploads: 3, heldBytes: null });
  });

  it.each([null, FIRST_KEY_ID, ADMIN_KEY_ID])('are not for the owner (%s)', async (keyId) => {
    expect(shares(1_000).queue({ keyId })).toEqual({ runs: null, audioMs: null, characters: null });
    expect(await shares(1_000).held({ keyId })).toEqual({ openUploads: 3, heldBytes: null });
  });
});
