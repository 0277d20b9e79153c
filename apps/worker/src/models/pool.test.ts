import { describe, expect, it } from '@jest/globals';
import type { InstalledModelFile } from '@sotto/whisper';
import { type LoadedModel, ModelPool, NoRoom } from './pool.ts';

function file(name: string): InstalledModelFile {
  const facts = { bytes: 1, digest: '', multilingual: true, precision: 'f16', rank: 1, catalog: null, warning: null };
  return { name, path: `${name}.bin`, ...facts };
}

interface Wishes {
  fail?: () => boolean;
  /** How many models fit into memory. */
  fit?: number;
  idleMs?: number;
  retries?: number;
}

function newPool(maxLoaded: number, { fail = () => false, fit = 99, idleMs = 0, retries = 0 }: Wishes = {}) {
  const story: string[] = [];
  const load = async ({ name }: InstalledModelFile): Promise<LoadedModel> => {
    story.push(`load ${name}`);
    await Promise.resolve();
    if (fail()) throw new Error('broken');
    return {
      info: { device: 'cpu', weightBytes: 1, slots: 2, bytesPerSlot: 3 },
      close: async () => void story.push(`close ${name}`),
    };
  };
  return {
    pool: new ModelPool({
      load,
      maxLoaded: () => maxLoaded,
      fits: () => fit > 0,
      hasRoom: (_file, loaded) => loaded.length < fit,
      idleMs: () => idleMs,
      retryDelaysMs: Array.from({ length: retries }, () => 1),
      onEvent: () => {},
    }),
    story,
  };
}

const nothing = async () => {};

describe('ModelPool', () => {
  it('loads once for users who come together', async () => {
    const { pool, story } = newPool(1);
    await Promise.all([pool.use(file('a'), nothing), pool.use(file('a'), nothing)]);
    expect(story).toEqual(['load a']);
  });

  it('unloads the one used longest ago before it loads another', async () => {
    const { pool, story } = newPool(2);
    for (const name of ['a', 'b', 'a', 'c']) await pool.use(file(name), nothing);
    expect(story).toEqual(['load a', 'load b', 'close b', 'load c']);
    expect(pool.loaded).toEqual(['a', 'c']);
  });

  it('loads a file that was replaced under its name', async () => {
    const { pool, story } = newPool(1);
    await pool.use(file('a'), nothing);
    await pool.use({ ...file('a'), digest: 'another' }, nothing);
    expect(story).toEqual(['load a', 'close a', 'load a']);
    expect(pool.loaded).toEqual(['a']);
  });

  it('never unloads a model in use, and goes back to its limit afterwards', async () => {
    const { pool, story } = newPool(1);
    await pool.use(file('a'), async () => {
      await pool.use(file('b'), async () => {
        expect(story).toEqual(['load a', 'load b']);
      });
    });
    expect(pool.loaded).toHaveLength(1);
  });

  it('tries a failed load again', async () => {
    let broken = true;
    const { pool, story } = newPool(1, { fail: () => broken });
    await expect(pool.use(file('a'), nothing)).rejects.toThrow('broken');
    broken = false;
    await pool.use(file('a'), nothing);
    expect(story).toEqual(['load a', 'load a']);
  });

  it('tries a load a few times before it has failed', async () => {
    let failures = 2;
    const { pool, story } = newPool(1, { fail: () => failures-- > 0, retries: 2 });
    await pool.use(file('a'), nothing);
    expect(story).toEqual(['load a', 'load a', 'load a']);
    failures = 99;
    await expect(pool.use(file('b'), nothing)).rejects.toThrow('broken');
  });

  it('loads a model only where memory is free, after unloading those that are idle', async () => {
    const { pool, story } = newPool(9, { fit: 1 });
    await pool.use(file('a'), async () => {
      await expect(pool.use(file('b'), nothing)).rejects.toThrow(NoRoom);
    });
    expect(story).toEqual(['load a']);
    await pool.use(file('b'), nothing);
    expect(story).toEqual(['load a', 'close a', 'load b']);
    await pool.close();
  });

  it('unloads what is idle, but nothing that is in use or pinned', async () => {
    const { pool, story } = newPool(9, { idleMs: 1 });
    pool.pin(['a']);
    for (const name of ['a', 'b']) await pool.use(file(name), nothing);
    await pool.use(file('c'), async () => {
      while (pool.loaded.includes('b')) await new Promise((resolve) => setTimeout(resolve, 10));
      expect(story).toEqual(['load a', 'load b', 'load c', 'close b']);
    });
    await pool.close();
  });

  it('unloads pinned models last', async () => {
    const { pool, story } = newPool(2);
    pool.pin(['a']);
    for (const name of ['a', 'b', 'c']) await pool.use(file(name), nothing);
    expect(story).toEqual(['load a', 'load b', 'close b', 'load c']);
    await pool.close();
  });

  it('closes everything', async () => {
    const { pool, story } = newPool(2);
    await pool.use(file('a'), nothing);
    await pool.close();
    expect(story).toEqual(['load a', 'close a']);
    await expect(pool.use(file('a'), nothing)).rejects.toThrow('closed');
  });
});
