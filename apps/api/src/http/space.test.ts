import { describe, expect, it } from '@jest/globals';
import type { BlobStore, BlobWriter } from '@sotto/storage';
import { Space } from './space.ts';

const MB = 1024 * 1024;
const full = { code: 'disk_full', retryAfterSeconds: expect.any(Number) };

/** A disk with so much free, and what is written to it. */
function disk(freeMb: number) {
  const state = { freeBytes: freeMb * MB, aborted: 0 };
  const writer: BlobWriter = {
    write: async (chunk) => {
      state.freeBytes -= chunk.length;
    },
    key: 'uploads/00/a',
    commit: async () => ({ key: 'uploads/00/a', bytes: 0 }),
    abort: async () => {
      state.aborted += 1;
    },
  };
  const health = async () => ({
    kind: 'file' as const,
    writable: true,
    freeBytes: state.freeBytes,
    totalBytes: 100 * MB,
  });
  return { state, storage: { health, createWriter: async () => writer } as unknown as BlobStore };
}

describe('Space', () => {
  it('lets in no more bodies than fit together, and counts only what is still to come of them', async () => {
    const { storage } = disk(50);
    const space = new Space(storage, { minFreeDiskBytes: 10 * MB });
    const socket = { bytesRead: 500 };
    const release = await space.reserve(socket, 30 * MB);
    await expect(space.reserve({ bytesRead: 0 }, 30 * MB)).rejects.toMatchObject(full);
    socket.bytesRead += 25 * MB;
    const releaseOther = await space.reserve({ bytesRead: 0 }, 30 * MB);
    await expect(space.reserve({ bytesRead: 0 }, 30 * MB)).rejects.toMatchObject(full);
    release();
    releaseOther();
    await space.reserve({ bytesRead: 0 }, 40 * MB);
  });

  it('stops what does not say its length before the disk is full', async () => {
    const { state, storage } = disk(100);
    const space = new Space(storage, { minFreeDiskBytes: 10 * MB });
    await space.reserve({ bytesRead: 0 }, null);
    const writer = await space.guard(storage).createWriter('uploads');
    const fill = async () => {
      for (;;) await writer.write(new Uint8Array(MB));
    };
    await expect(fill()).rejects.toMatchObject(full);
    expect(state.freeBytes).toBeGreaterThanOrEqual(10 * MB);
    await expect(space.guard(storage).createWriter('uploads')).rejects.toMatchObject(full);
    await space.guard(storage).createWriter('results');
  });
});
