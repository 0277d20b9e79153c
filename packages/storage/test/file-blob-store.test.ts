import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FileBlobStore } from '../src/index.ts';
import { blobStoreContract } from './blob-store-contract.ts';

async function openFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-blobs-'));
  return { folder, store: new FileBlobStore(folder), remove: () => rm(folder, { recursive: true, force: true }) };
}

describe('FileBlobStore', () => {
  blobStoreContract(openFolder);

  let folder: string;
  let store: FileBlobStore;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    ({ folder, store, remove } = await openFolder());
  });
  afterEach(() => remove());

  it('takes its first blobs, many at once', async () => {
    for (let round = 0; round < 40; round += 1) {
      const fresh = new FileBlobStore(join(folder, String(round)));
      const written = Array.from({ length: 12 }, async (_, index) => {
        const writer = await fresh.createWriter(index % 2 === 0 ? 'uploads' : 'manifests');
        await writer.write(Buffer.from('a'));
        return writer.commit();
      });
      expect(await Promise.all(written)).toHaveLength(12);
    }
  });

  /** A process of its own that writes into the folder; `prelude` runs in its shell first. */
  function startWriter(mode: 'half' | 'loop' | 'once', prelude = ':'): ChildProcess {
    const script = fileURLToPath(new URL('./writer-process.ts', import.meta.url));
    const command = `${prelude}; exec "${process.execPath}" --import tsx --conditions=@sotto/source "${script}" ${mode} "${folder}"`;
    return spawn('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'inherit'], env: { PATH: process.env.PATH } });
  }

  async function linesUntil(child: ChildProcess, count: number): Promise<string[]> {
    const lines: string[] = [];
    if (child.stdout === null) throw new Error('the child has no output');
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (lines.length === count) break;
    }
    return lines;
  }

  async function killHard(child: ChildProcess): Promise<void> {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }

  it('recognises the leftovers of a killed process whatever their age', async () => {
    const child = startWriter('half');
    expect(await linesUntil(child, 1)).toEqual(['half written']);
    expect(await store.sweepTemporary(3_600_000)).toBe(0);
    await killHard(child);
    expect(await store.sweepTemporary(3_600_000)).toBe(1);
    expect(await readdir(join(folder, 'temporary'))).toEqual([]);
  });

  it('holds only whole blobs after a kill at any moment', async () => {
    const child = startWriter('loop');
    const said = await linesUntil(child, 40);
    await killHard(child);
    const kept = new Set<string>();
    for await (const { key } of store.list('uploads')) {
      kept.add(key);
      const content = await store.read(key);
      const digest = createHash('sha256').update(content.subarray(32)).digest();
      expect(content.subarray(0, 32).equals(digest)).toBe(true);
    }
    // What was reported as committed is there.
    for (const key of said) expect(kept).toContain(key);
    await store.sweepTemporary(3_600_000);
    expect(await readdir(join(folder, 'temporary'))).toEqual([]);
  });

  it('says disk_full when a write does not fit, and leaves nothing', async () => {
    // A file size limit is the real error of a disk without room, without needing one.
    const child = startWriter('once', "trap '' XFSZ; ulimit -f 64");
    expect(await linesUntil(child, 1)).toEqual(['disk_full']);
    await once(child, 'exit');
    expect(await readdir(join(folder, 'temporary'))).toEqual([]);
  });

  it('does not list or trip over files that are not its own', async () => {
    const writer = await store.createWriter('uploads');
    await writer.write(Buffer.from('x'));
    const { key } = await writer.commit();
    await writeFile(join(folder, 'uploads', 'README'), 'x');
    await writeFile(join(folder, key, '..', '.hidden'), 'x');
    const keys: string[] = [];
    for await (const blob of store.list('uploads')) keys.push(blob.key);
    expect(keys).toEqual([key]);
  });

  it('keeps blobs from other users of the machine', async () => {
    const writer = await store.createWriter('uploads');
    await writer.write(Buffer.from('private'));
    const { key } = await writer.commit();
    expect((await stat(join(folder, key))).mode & 0o007).toBe(0);
  });

  it('is not well where it cannot write', async () => {
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    const unwell = { kind: 'file', writable: false, freeBytes: null, totalBytes: null };
    expect(await new FileBlobStore(file).health()).toEqual(unwell);
    await expect(new FileBlobStore(file).createWriter('uploads')).rejects.toMatchObject({
      code: 'storage_unavailable',
    });
  });
});
