import { describe, expect, it } from '@jest/globals';
import type { InstalledModel } from '@sotto/contracts';
import fc from 'fast-check';
import { secondModelFor } from './second-model.ts';

const installed = (name: string, multilingual = true): InstalledModel => {
  return {
    name,
    digest: `of ${name}`,
    bytes: 1,
    multilingual,
    loaded: true,
    fits: true,
    realtimeFactor: null,
    memoryBytes: null,
    warning: null,
  };
};
const fleet = { workers: [], models: [installed('base'), installed('small'), installed('tiny.en', false)] };
const work = (index: number, keyId: string | null = null) => ({ sha256: `recording ${index}`, keyId });

describe('secondModelFor', () => {
  it('gives about its share the second model, and the same work always the same', () => {
    const chosen = (share: number) =>
      Array.from({ length: 1000 }, (_, index) =>
        secondModelFor({ model: null }, work(index), fleet, { name: 'small', share }),
      ).filter((model) => model !== null);
    expect(chosen(0)).toHaveLength(0);
    expect(chosen(1)).toHaveLength(1000);
    expect(Math.abs(chosen(0.3).length - 300)).toBeLessThan(60);
    fc.assert(
      fc.property(
        fc.string(),
        fc.option(fc.string()),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (sha256, keyId, share) => {
          const pick = () => secondModelFor({ model: null }, { sha256, keyId }, fleet, { name: 'small', share })?.name;
          const [first, again] = [pick(), pick()];
          return first === again;
        },
      ),
    );
  });

  it('leaves alone what names a model, and what the second one cannot do', () => {
    const all = { share: 1 };
    expect(secondModelFor({ model: 'base' }, work(1), fleet, { name: 'small', ...all })).toBeNull();
    expect(secondModelFor({ model: null }, work(1), fleet, { name: 'medium', ...all })).toBeNull();
    expect(secondModelFor({ model: null, language: 'de' }, work(1), fleet, { name: 'tiny.en', ...all })).toBeNull();
    expect(secondModelFor({ model: null }, work(1), { workers: [], models: [] }, { name: 'small', ...all })).toBeNull();
    expect(secondModelFor({ model: null }, work(1), fleet, { name: 'small', ...all })).toEqual({
      name: 'small',
      digest: 'of small',
    });
  });
});
