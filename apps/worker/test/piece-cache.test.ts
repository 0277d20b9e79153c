import { randomUUID } from 'node:crypto';
import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { FileBlobStore } from '@sotto/storage';
import { filesUnder, temporaryFolder, waitFor } from '@sotto/testkit';
import { PieceCache } from '../src/synthesis/kept/piece-cache.ts';
import { Fleet } from './fleet.ts';
import { type Sender, spokenText, submitText } from './spoken.ts';

jest.setTimeout(120_000);

const sentences = Array.from({ length: 20 }, (_, i) => `Sentence number ${i + 1} is about the weather in spring.`);
/** A paragraph each, so that each is a piece. */
const TEXT = sentences.join('\n\n');
const CHANGED = TEXT.replace('number 11 is about', 'number 11 was about');

/** As its API sends a text without `cache=false`. */
const sender = (keyId: string | null): Sender => ({ keyId, workKey: randomUUID() });

describe('a text that was spoken before', () => {
  let fleet: Fleet;
  afterEach(() => fleet.close());

  const start = async () => {
    fleet = await Fleet.start();
    await fleet.addWorker(['prepare', 'speak']);
  };
  const count = async (name: string) => {
    const text = await (await fetch(`${fleet.workers[0]?.url}/metrics`)).text();
    return [...text.matchAll(new RegExp(`^${name}{.*} (\\d+)$`, 'gm'))].reduce((sum, [, n]) => sum + Number(n), 0);
  };
  const figures = async () => ({
    spoken: await count('sotto_pieces_total'),
    kept: await count('sotto_pieces_kept_total'),
  });

  it('costs the engine the one sentence that has changed, and sounds as without what was kept', async () => {
    await start();
    const plain = await spokenText(fleet, CHANGED);
    const { spoken: pieces } = await figures();
    expect(pieces).toBeGreaterThanOrEqual(20);
    await spokenText(fleet, TEXT, {}, sender('anna'));
    expect(await figures()).toEqual({ spoken: 2 * pieces, kept: 0 });
    const changed = await spokenText(fleet, CHANGED, {}, sender('anna'));
    expect(await figures()).toEqual({ spoken: 2 * pieces + 1, kept: pieces - 1 });
    expect(changed.sound.equals(plain.sound)).toBe(true);
    expect(changed.result.pieces).toEqual(plain.result.pieces);
  });

  it('is spoken again for another key, another speed, or with cache=false, which leaves nothing either', async () => {
    await start();
    await spokenText(fleet, 'Hello, world.');
    expect((await filesUnder(join(fleet.folder, 'blobs'))).filter((file) => file.startsWith('pieces'))).toEqual([]);
    await spokenText(fleet, 'Hello, world.', {}, sender('anna'));
    const { spoken } = await figures();
    await spokenText(fleet, 'Hello, world.', {}, sender('berta'));
    await spokenText(fleet, 'Hello, world.', {}, sender(null));
    await spokenText(fleet, 'Hello, world.', { speed: 1.5 }, sender('anna'));
    await spokenText(fleet, 'Hello, world.');
    expect(await figures()).toEqual({ spoken: 3 * spoken, kept: 0 });
  });

  it('is spoken again where what was kept is damaged or gone, to the same bytes', async () => {
    await start();
    const before = await spokenText(fleet, TEXT, {}, sender('anna'));
    const { spoken } = await figures();
    const folder = join(fleet.folder, 'blobs');
    const kept = (await filesUnder(folder)).filter((file) => file.startsWith('pieces'));
    for (const file of kept) await writeFile(join(folder, file), 'damaged');
    const again = await spokenText(fleet, TEXT, {}, sender('anna'));
    expect(await figures()).toEqual({ spoken: 2 * spoken, kept: 0 });
    expect(again.sound.equals(before.sound)).toBe(true);
    // It was mended meanwhile.
    await spokenText(fleet, TEXT, {}, sender('anna'));
    expect(await figures()).toEqual({ spoken: 2 * spoken, kept: spoken });
  });

  it('survives a worker that is killed while it keeps things, which leaves nothing for ever', async () => {
    fleet = await Fleet.start({ env: { SPEECH_CACHE_TTL: '1' } });
    const victim = await fleet.addWorker(['prepare', 'speak']);
    const { id } = await submitText(fleet, TEXT, {}, sender('anna'));
    const hasBegun = async () =>
      (await filesUnder(join(fleet.folder, 'blobs'))).some((file) => file.startsWith('pieces'));
    await waitFor(hasBegun, { what: 'the first piece to be kept', intervalMs: 2 });
    victim.process.kill9();
    await fleet.addWorker(['prepare', 'speak']);
    await waitFor(async () => (await fleet.runs.run(id))?.status === 'completed', {
      what: 'the text',
      timeoutMs: 60_000,
    });
    const run = await fleet.runs.run(id);
    const result = run?.kind === 'speech' ? await fleet.runs.result<{ audio: { blobKey: string } }>(run) : null;
    await fleet.blobs.delete(result?.audio.blobKey ?? '');
    await fleet.noBlobs();
  });
});

describe('what is kept', () => {
  const sound = { samples: Int16Array.from({ length: 1000 }, (_, i) => i), sampleRateHz: 24_000 };
  const hash = (digit: string) => digit.repeat(64);
  const { signal } = new AbortController();

  it('goes when it is old, when there is too much of it, oldest first, and with its key', async () => {
    const blobs = new FileBlobStore(await temporaryFolder('pieces'));
    const options = { blobs, ttlMs: 60_000, maxBytes: 1e9 };
    const cache = new PieceCache(options);
    for (const digit of '123') await cache.keep('anna', hash(digit), sound);
    await cache.keep('berta', hash('1'), sound);
    expect(await cache.find('anna', hash('1'))).toEqual(sound);
    expect(await cache.find('carl', hash('1'))).toBeNull();
    expect(await cache.sweep(async () => ['berta'], signal)).toBe(1);
    expect(await cache.find('berta', hash('1'))).toBeNull();
    for await (const { key } of blobs.list('pieces')) {
      const age = Number(/(\d)$/.exec(key)?.[1]) * 10;
      const then = new Date(Date.now() - age * 1000);
      await utimes((await blobs.localFile(key)).path, then, then);
    }
    const small = new PieceCache({ ...options, maxBytes: 5_000 });
    expect(await small.sweep(async () => [], signal)).toBe(1);
    expect(await small.find('anna', hash('3'))).toBeNull();
    const brief = new PieceCache({ ...options, ttlMs: 15_000 });
    expect(await brief.sweep(async () => [], signal)).toBe(1);
    expect(await brief.find('anna', hash('2'))).toBeNull();
    expect(await brief.find('anna', hash('1'))).toEqual(sound);
  });
});
