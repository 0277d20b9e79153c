import { describe, expect, it } from '@jest/globals';
import type { InstalledModelFile } from '@sotto/whisper';
import { type LoadedModel, ModelPool } from './pool.ts';

function file(name: string): InstalledModelFile {
  const facts = { bytes: 1, digest: '', multilingual: true, precision: 'f16', rank: 1, catalog: null, warning: null };
  return { name, path: `${name}.bin`, ...facts };
}

function newPool(maxLoaded: number, fail: () => boolean = () => false) {
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
  return { pool: new ModelPool({ load, maxLoaded: () => maxLoaded, onEvent: () => {} }), story };
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
    const { pool, story } = newPool(1, () => broken);
    await expect(pool.use(file('a'), nothing)).rejects.toThrow('broken');
    broken = false;
    await pool.use(file('a'), nothing);
    expect(story).toEqual(['load a', 'load a']);
  });

  it('closes everything', async () => {
    const { pool, story } = newPool(2);
    await pool.use(file('a'), nothing);
    await pool.close();
    expect(story).toEqual(['load a', 'close a']);
    await expect(pool.use(file('a'), nothing)).rejects.toThrow('closed');
  });
});
