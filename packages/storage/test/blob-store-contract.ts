import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type BlobKind,
  type BlobStore,
  batchIdOf,
  batchManifestName,
  blobKeysOf,
  Manifests,
  type StoredBlob,
} from '../src/index.ts';

const text = (words: string) => Buffer.from(words);

/** More than any store keeps in memory. */
const LARGE_BYTES = 6 * 1024 * 1024;

async function put(store: BlobStore, kind: BlobKind, content: Uint8Array, name?: string): Promise<StoredBlob> {
  const writer = await store.createWriter(kind, name);
  await writer.write(content);
  return writer.commit();
}

async function keysOf(store: BlobStore, kind: BlobKind): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(kind)) keys.push(key);
  return keys.sort();
}

/** What a store does beside names that are not its own, and another store that writes in the same place meanwhile. */
export async function keepsToItsOwn(store: BlobStore, other: BlobStore): Promise<void> {
  const { key } = await put(store, 'uploads', text('mine'));
  const theirs = await other.createWriter('uploads');
  await theirs.write(randomBytes(LARGE_BYTES));
  expect(await keysOf(store, 'uploads')).toEqual([key]);
  expect(await store.sweepTemporary(0)).toBe(0);
  const { key: theirKey } = await theirs.commit();
  expect(await other.stat(theirKey)).toMatchObject({ bytes: LARGE_BYTES });
  expect(await store.stat(theirKey)).toBeNull();
}

/** What every BlobStore does, whatever holds its bytes. `open` gives an empty store and the way to remove it. */
export function blobStoreContract(open: () => Promise<{ store: BlobStore; remove(): Promise<void> }>): void {
  let store: BlobStore;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    ({ store, remove } = await open());
  });
  afterEach(() => remove());

  describe('writing', () => {
    it('keeps what was written, chunk by chunk', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 5000 })), async (chunks) => {
          const writer = await store.createWriter('uploads');
          for (const chunk of chunks) await writer.write(chunk);
          const { key, bytes } = await writer.commit();
          const whole = Buffer.concat(chunks);
          expect(bytes).toBe(whole.length);
          expect((await store.read(key)).equals(whole)).toBe(true);
        }),
        { numRuns: 25 },
      );
    });

    it('shows nothing before commit and nothing after abort', async () => {
      const writer = await store.createWriter('uploads');
      await writer.write(text('half'));
      expect(await keysOf(store, 'uploads')).toEqual([]);
      await writer.abort();
      await writer.abort();
      expect(await keysOf(store, 'uploads')).toEqual([]);
      await expect(writer.write(text('more'))).rejects.toThrow(/already aborted/);
      expect(await store.sweepTemporary(0)).toBe(0);
    });

    it('leaves a committed blob alone when abort comes late or in the middle', async () => {
      const writer = await store.createWriter('uploads');
      await writer.write(text('whole'));
      const committing = writer.commit();
      await writer.abort();
      const { key } = await committing;
      await writer.abort();
      expect(String(await store.read(key))).toBe('whole');
    });

    it('keeps large blobs, and nothing of an aborted one', async () => {
      const content = randomBytes(2 * LARGE_BYTES);
      const { key, bytes } = await put(store, 'audio', content);
      expect(bytes).toBe(content.length);
      expect((await store.read(key)).equals(content)).toBe(true);
      const across = { startByte: 5 * 1024 * 1024 - 10, endByte: 5 * 1024 * 1024 + 10 };
      expect((await store.read(key, across)).equals(content.subarray(across.startByte, across.endByte))).toBe(true);
      const writer = await store.createWriter('audio');
      await writer.write(content);
      await writer.abort();
      expect(await store.sweepTemporary(0)).toBe(0);
      expect(await keysOf(store, 'audio')).toEqual([key]);
    });

    it('makes a new key each time, unless a name is given: then the last commit wins', async () => {
      const [one, two] = [await put(store, 'audio', text('a')), await put(store, 'audio', text('b'))];
      expect(one.key).not.toBe(two.key);
      const first = await put(store, 'audio', text('first'), 'run-1');
      const open = await store.openRead(first.key);
      const second = await put(store, 'audio', text('the second'), 'run-1');
      expect(second.key).toBe(first.key);
      expect(String(await store.read(first.key))).toBe('the second');
      // A reader that had begun sees one whole blob, the old or the new one.
      const seen = Buffer.concat(await open.toArray()).toString();
      expect(['first', 'the second']).toContain(seen);
    });

    it('copies a blob into one that lives by itself', async () => {
      const from = await put(store, 'uploads', text('a recording'));
      const copy = await store.copy(from.key, 'library', 'item-1');
      expect(copy.bytes).toBe(from.bytes);
      expect(await keysOf(store, 'library')).toEqual([copy.key]);
      await store.copy(from.key, 'library', 'item-1');
      const other = await put(store, 'uploads', text('another'));
      expect((await store.copy(other.key, 'library', 'item-1')).key).toBe(copy.key);
      expect(String(await store.read(copy.key))).toBe('another');
      await store.delete(other.key);
      expect(String(await store.read(copy.key))).toBe('another');
      await store.delete(copy.key);
      expect(String(await store.read(from.key))).toBe('a recording');
      await store.delete(from.key);
      await expect(store.copy(from.key, 'library', 'item-1')).rejects.toMatchObject({ code: 'blob_missing' });
      await expect(store.copy(from.key, 'library', '../x')).rejects.toThrow(TypeError);
      expect(await store.sweepTemporary(0)).toBe(0);
    });

    it('takes many writers at once', async () => {
      const contents = Array.from({ length: 20 }, () => randomBytes(100_000));
      const blobs = await Promise.all(contents.map((content) => put(store, 'uploads', content)));
      for (const [index, { key }] of blobs.entries()) {
        expect((await store.read(key)).equals(contents[index] ?? Buffer.alloc(0))).toBe(true);
      }
      expect(await keysOf(store, 'uploads')).toEqual(blobs.map(({ key }) => key).sort());
    });

    it.each(['../evil', 'a/b', 'a\0b', '', '.', '-x', 'é', 'x'.repeat(101)])('refuses the name %j', async (name) => {
      await expect(async () => store.createWriter('uploads', name)).rejects.toThrow(TypeError);
    });
  });

  describe('reading', () => {
    it('reads any range exactly, cut at the end', async () => {
      const content = randomBytes(1000);
      const { key } = await put(store, 'audio', content);
      await fc.assert(
        fc.asyncProperty(fc.nat(1200), fc.nat(1200), async (startByte, length) => {
          const part = await store.read(key, { startByte, endByte: startByte + length });
          expect(part.equals(content.subarray(startByte, startByte + length))).toBe(true);
        }),
        { numRuns: 40 },
      );
    });

    it('streams any range exactly, cut at the end', async () => {
      const content = randomBytes(LARGE_BYTES);
      const { key } = await put(store, 'results', content);
      const ranges = [
        [0, 10],
        [LARGE_BYTES - 5, LARGE_BYTES],
        [1_000_000, 5_500_000],
        [-7, 3],
        [LARGE_BYTES - 5, LARGE_BYTES + 5],
        [LARGE_BYTES, LARGE_BYTES + 5],
        [4, 4],
        [9, 3],
      ];
      for (const [startByte = 0, endByte = 0] of ranges) {
        const part = Buffer.concat(await (await store.openRead(key, { startByte, endByte })).toArray());
        expect(part.equals(content.subarray(Math.max(0, startByte), Math.max(0, startByte, endByte)))).toBe(true);
      }
    });

    it('gives the blob as a stream and as a file', async () => {
      const content = randomBytes(200_000);
      const { key } = await put(store, 'uploads', content);
      const hash = createHash('sha256');
      for await (const chunk of await store.openRead(key)) hash.update(chunk as Buffer);
      expect(hash.digest('hex')).toBe(createHash('sha256').update(content).digest('hex'));
      const file = await store.localFile(key);
      expect((await readFile(file.path)).equals(content)).toBe(true);
      await file.release();
    });

    it('lists and describes each kind apart', async () => {
      const upload = await put(store, 'uploads', text('12345'));
      const audio = await put(store, 'audio', text('1'));
      expect(await keysOf(store, 'uploads')).toEqual([upload.key]);
      expect(await keysOf(store, 'audio')).toEqual([audio.key]);
      const described = await store.stat(upload.key);
      expect(described).toEqual({ key: upload.key, bytes: 5, modifiedMs: expect.any(Number) });
      expect(Math.abs(Date.now() - (described?.modifiedMs ?? 0))).toBeLessThan(60_000);
    });

    it('says blob_missing for what is gone', async () => {
      const { key } = await put(store, 'uploads', text('x'));
      expect(await store.delete(key)).toBe(true);
      expect(await store.delete(key)).toBe(false);
      expect(await store.stat(key)).toBeNull();
      const missing = { code: 'blob_missing' };
      await expect(store.read(key)).rejects.toMatchObject(missing);
      await expect(store.read(key, { startByte: 0, endByte: 1 })).rejects.toMatchObject(missing);
      await expect(store.openRead(key)).rejects.toMatchObject(missing);
      await expect(store.openRead(key, { startByte: 0, endByte: 1 })).rejects.toMatchObject(missing);
      await expect(store.openRead(key, { startByte: 1, endByte: 1 })).rejects.toMatchObject(missing);
      await expect(store.localFile(key)).rejects.toMatchObject(missing);
    });

    it.each(['uploads/../../etc/passwd', '/etc/passwd', 'uploads/x', 'temporary/aa/x', 'uploads/00/../x', ''])(
      'refuses the key %j',
      async (key) => {
        await expect(async () => store.read(key)).rejects.toThrow(TypeError);
        await expect(async () => store.delete(key)).rejects.toThrow(TypeError);
        await expect(async () => store.localFile(key)).rejects.toThrow(TypeError);
      },
    );
  });

  describe('manifests', () => {
    const name = '0b6f7a4e-9a53-4d0b-8a3c-3f2f4c9d1f10';

    it('are kept, replaced, listed and removed by name', async () => {
      const manifests = new Manifests(store);
      expect(await manifests.read(name)).toBeNull();
      expect(await manifests.has(name)).toBe(false);
      await manifests.put(name, '{"version":1}');
      await manifests.put(name, '{"version":2}');
      await manifests.put(batchManifestName(name), '{}');
      expect(await manifests.read(name)).toBe('{"version":2}');
      const listed: string[] = [];
      for await (const manifest of manifests.list()) {
        expect(Math.abs(Date.now() - manifest.writtenAtMs)).toBeLessThan(60_000);
        listed.push(manifest.name);
      }
      expect(listed.sort()).toEqual([name, `batch-${name}`]);
      expect(listed.map(batchIdOf)).toEqual([null, name]);
      await manifests.remove(name);
      await manifests.remove(name);
      expect(await manifests.read(name)).toBeNull();
      expect(await manifests.has(batchManifestName(name))).toBe(true);
    });

    it('name uploads, which are found in what other builds wrote too', async () => {
      const manifests = new Manifests(store);
      const { key } = await put(store, 'uploads', text('x'));
      await manifests.put(name, JSON.stringify({ version: 99, work: [{ blobKey: key }] }));
      await manifests.put(batchManifestName(name), '{}');
      expect([...(await manifests.blobKeys())]).toEqual([key]);
      expect(blobKeysOf('not JSON')).toEqual([]);
    });
  });

  describe('keeping', () => {
    it('sweeps what stands still, never what is younger', async () => {
      const writer = await store.createWriter('uploads');
      await writer.write(randomBytes(LARGE_BYTES));
      expect(await store.sweepTemporary(60_000)).toBe(0);
      expect(await store.sweepTemporary(0)).toBe(1);
      await expect(writer.commit()).rejects.toMatchObject({ code: expect.stringMatching(/blob_missing|storage/) });
      expect(await keysOf(store, 'uploads')).toEqual([]);
    });

    it('is well, and leaves no trace of having been asked', async () => {
      expect(await store.health()).toMatchObject({ writable: true });
      expect(await store.sweepTemporary(0)).toBe(0);
    });
  });
}
