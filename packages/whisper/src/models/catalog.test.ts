import { describe, expect, it } from '@jest/globals';
import { modelFacts } from '@sotto/contracts';
import { sizeText } from '@sotto/model-files';
import { CATALOG, catalogEntry, entryToInstall, variantNames } from './catalog.ts';
import { ggmlFileBytes } from './ggml-file.ts';
import type { Hparams } from './tensors.ts';

/** Width and layers of Whisper's sizes (Radford et al. 2022, table 1; large-v3 has 128 mel bins, turbo 4 decoder layers). */
const SIZES: Record<string, { width: number; layers: number; textLayers?: number; mels?: number; vocab?: number }> = {
  tiny: { width: 384, layers: 4 },
  base: { width: 512, layers: 6 },
  small: { width: 768, layers: 12 },
  medium: { width: 1024, layers: 24 },
  'large-v1': { width: 1280, layers: 32 },
  'large-v2': { width: 1280, layers: 32 },
  'large-v3': { width: 1280, layers: 32, mels: 128, vocab: 51_866 },
  'large-v3-turbo': { width: 1280, layers: 32, textLayers: 4, mels: 128, vocab: 51_866 },
};

function hparamsOf(base: string, english: boolean): Hparams {
  const size = SIZES[base.replace(/\.en$/, '')];
  if (!size) throw new Error(base);
  const { width, layers } = size;
  return {
    vocab: size.vocab ?? (english ? 51_864 : 51_865),
    audioContext: 1500,
    audioWidth: width,
    audioHeads: width / 64,
    audioLayers: layers,
    textContext: 448,
    textWidth: width,
    textHeads: width / 64,
    textLayers: size.textLayers ?? layers,
    mels: size.mels ?? 80,
    fileType: 1,
  };
}

describe('the catalog', () => {
  const official = CATALOG.filter((entry) => entry.sources[0]?.kind === 'download');

  it('has every size to the byte that the architecture gives: header, tensors and the vocabulary text', () => {
    // The vocabulary's text is the same in all files of a kind; everything else follows from the sizes.
    const textBytes = official.map(({ base, precision, languages, bytes }) => ({
      languages,
      text: bytes - ggmlFileBytes(hparamsOf(base, languages === 'en'), precision, 50_257),
    }));
    expect(official).toHaveLength(33);
    for (const languages of ['en', 'multilingual'] as const) {
      const different = new Set(textBytes.filter((each) => each.languages === languages).map(({ text }) => text));
      expect([...different]).toHaveLength(1);
      expect([...different][0]).toBeGreaterThan(300_000);
    }
  });

  it('has one digest per file and no name twice', () => {
    const digests = official.map(({ sources }) => (sources[0]?.kind === 'download' ? sources[0].sha256 : ''));
    for (const digest of digests) expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(digests).size).toBe(digests.length);
    const names = CATALOG.flatMap(({ name, aliases }) => [name, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
  });

  it("says what the owner's list says", () => {
    expect(catalogEntry('base')).toMatchObject({
      size: '142 MB',
      speed: '16x',
      accuracy: 'Good',
      languages: 'multilingual',
    });
    for (const { name, languages } of CATALOG)
      expect(modelFacts(name)?.multilingual).toBe(languages === 'multilingual');
    expect([sizeText(77_691_713), sizeText(147_951_465), sizeText(3_095_033_483)]).toEqual([
      '75 MB',
      '142 MB',
      '2.9 GB',
    ]);
  });

  it('knows aliases in any case', () => {
    expect(catalogEntry('Large')?.name).toBe('large-v3');
    expect(catalogEntry(' turbo ')?.name).toBe('large-v3-turbo');
    expect(catalogEntry('gigantic')).toBeNull();
  });

  it('orders by quality, the multilingual one above its English sister, sotto-nano last', () => {
    const order = [
      'sotto-nano',
      'tiny.en',
      'tiny',
      'base.en',
      'base',
      'small',
      'medium',
      'large-v2',
      'large-v3-turbo',
      'large-v3',
    ];
    const ranks = order.map((name) => catalogEntry(name)?.rank ?? -1);
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    expect(new Set(ranks).size).toBe(ranks.length);
  });
});

describe('compute types', () => {
  it.each([
    ['base', 'float16', 'base'],
    ['base', 'int8', 'base-q8_0'],
    ['large-v3', 'int8', 'large-v3-q5_0'],
    ['large', 'int8', 'large-v3-q5_0'],
    ['turbo', 'int8', 'large-v3-turbo-q8_0'],
    ['large-v1', 'int8', 'large-v1'],
    ['base', 'float32', 'base'],
    ['base-q5_1', 'float16', 'base-q5_1'],
    ['sotto-nano', 'int8', 'sotto-nano'],
  ] as const)('%s as %s installs %s', (name, computeType, wanted) => {
    expect(entryToInstall(name, computeType).name).toBe(wanted);
  });

  it('an unknown name is refused with the list', () => {
    expect(() => entryToInstall('gigantic')).toThrow(/no model "gigantic"/);
  });

  it('an explicit file is nothing but itself', () => {
    expect(variantNames('base-q5_1', 'float16')).toEqual(['base-q5_1']);
    expect(variantNames('my-own', 'int8')).toEqual(['my-own']);
  });
});
