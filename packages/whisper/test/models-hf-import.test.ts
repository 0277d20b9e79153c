import { readdir } from 'node:fs/promises';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { checkGgmlFile } from '../src/models/ggml-file.ts';
import { fromHalf, toHalf } from '../src/models/import/half.ts';
import { importModel } from '../src/models/import/import-model.ts';
import { nanoPath, nanoPhrases, packed } from './engine-fixtures.ts';
import { SMALL, temporaryFolder, tokenizerJson } from './models-fixtures.ts';
import {
  type Content,
  type Entry,
  type FolderOptions,
  ggmlContent,
  hfEntries,
  hfFolder,
  noiseContent,
  safetensors,
  shards,
  withLayers,
} from './models-hf-fixtures.ts';

jest.setTimeout(120_000);

const small = noiseContent(SMALL, 50_256);
let nano: Content;
let nanoFolder: string;

beforeAll(async () => {
  nano = await ggmlContent(await nanoPath());
  nanoFolder = await hfFolder(nano, { dtype: 'F32' });
});

const importOf = async (content: Content, options: FolderOptions = {}) =>
  importModel(await hfFolder(content, options), { name: 'mine', modelDir: await temporaryFolder() });

const ONE_FILE = { 'model.safetensors': null };

describe('a Hugging Face folder', () => {
  it('becomes a ggml file of the same tensors and vocabulary', async () => {
    const model = await importModel(nanoFolder, { name: 'mine', modelDir: await temporaryFolder() });
    expect(model).toMatchObject({ name: 'mine', multilingual: true, precision: 'f16', catalog: null, selfTest: null });
    const { hparams, tokens, tensors } = await ggmlContent(model.path);
    expect(hparams).toEqual(nano.hparams);
    expect(Buffer.concat(tokens).equals(Buffer.concat(nano.tokens))).toBe(true);
    expect(new Set(tensors.keys())).toEqual(new Set(nano.tensors.keys()));
    for (const [name, values] of nano.tensors) {
      const written = tensors.get(name) ?? new Float32Array();
      const same = Buffer.from(values.buffer).equals(Buffer.from(written.buffer));
      expect({ name, same }).toEqual({ name, same: true });
    }
  });

  it('may be stored as float32, in shards, with proj_out, without the prefix, with tokenizer.json: the file is the same', async () => {
    const { digest } = await importOf(small);
    const entries = hfEntries(small);
    const embedding = entries.get('model.decoder.embed_tokens.weight') as Entry;
    const plain = new Map([...entries].map(([name, entry]) => [name.replace(/^model\./, ''), entry]));
    const variants: FolderOptions[] = [
      { dtype: 'F32' },
      { files: { ...ONE_FILE, ...shards(entries, 3) } },
      { files: { ...ONE_FILE, ...shards(hfEntries(small, 'F32'), 2) } },
      { files: { 'model.safetensors': safetensors(new Map([...entries, ['proj_out.weight', embedding]])) } },
      { files: { 'model.safetensors': safetensors(plain) } },
      { files: { 'vocab.json': null, 'tokenizer.json': tokenizerJson(50_256) } },
    ];
    for (const variant of variants) expect((await importOf(small, variant)).digest).toBe(digest);
  });

  it('may be stored as bfloat16', async () => {
    const { tensors } = await ggmlContent((await importOf(small, { dtype: 'BF16' })).path);
    const name = 'decoder.blocks.1.mlp.0.weight';
    const expected = Array.from(small.tensors.get(name) ?? [], (value) => {
      const upper = new Uint32Array(Float32Array.of(value).buffer).map((bits) => (bits >>> 16) << 16);
      return fromHalf(toHalf(new Float32Array(upper.buffer)[0] as number));
    });
    expect([...(tensors.get(name) ?? [])]).toEqual(expected);
  });

  it.each([
    ['distilled', 3, 1],
    ['turbo', 6, 2],
  ])('may have fewer decoder than encoder layers: %s', async (_what, encoder, decoder) => {
    const layers = (count: number) => Array.from({ length: count }, () => 0);
    const content = withLayers(withLayers(small, 'encoder', layers(encoder)), 'decoder', layers(decoder));
    const { hparams } = await checkGgmlFile((await importOf(content)).path);
    expect(hparams).toMatchObject({ audioLayers: encoder, textLayers: decoder });
  });

  it('large-v3 shaped: 51866 tokens, 128 mel bins', async () => {
    const content = noiseContent({ ...SMALL, vocab: 51_866, mels: 128 }, 50_257);
    const model = await importOf(content);
    expect(model.multilingual).toBe(true);
    expect((await checkGgmlFile(model.path)).hparams).toMatchObject({ vocab: 51_866, mels: 128 });
  });
});

describe('refused with a clear word', () => {
  const NAME = 'model.encoder.layers.0.fc1.weight';
  const changed = (change: (entry: Entry) => [string, Entry][]): FolderOptions => ({
    files: {
      'model.safetensors': safetensors(
        new Map([...hfEntries(small)].flatMap(([name, entry]) => (name === NAME ? change(entry) : [[name, entry]]))),
      ),
    },
  });
  const lying = (change: (header: Record<string, { data_offsets: number[] } & Entry>) => void): FolderOptions => ({
    files: {
      'model.safetensors': safetensors(hfEntries(small), (header) => {
        change(header as Parameters<typeof change>[0]);
        return header;
      }),
    },
  });
  const whole = () => safetensors(hfEntries(small));
  const file = (bytes: Buffer): FolderOptions => ({ files: { 'model.safetensors': bytes } });
  const huge = () => {
    const bytes = whole();
    bytes.writeBigUInt64LE(2n ** 40n);
    return bytes;
  };
  const cases: [what: string, options: () => FolderOptions, words: RegExp][] = [
    ['no weights', () => ({ files: ONE_FILE }), /no model\.safetensors .* and no model\.bin/],
    ['pickled weights', () => ({ files: { ...ONE_FILE, 'pytorch_model.bin': 'x' } }), /safe_serialization=True/],
    ['an adapter', () => ({ files: { ...ONE_FILE, 'adapter_config.json': '{}' } }), /adapter .*merge/],
    ['no config', () => ({ files: { 'config.json': null } }), /no config\.json/],
    ['another model', () => ({ config: { model_type: 'wav2vec2' } }), /not a WhisperForConditionalGeneration/],
    ['a classifier', () => ({ config: { architectures: ['WhisperForAudioClassification'] } }), /AudioClassification/],
    ['quantised weights', () => ({ config: { quantization_config: { bits: 4 } } }), /quantised already/],
    ['an added vocabulary', () => ({ config: { vocab_size: 51_900 } }), /51900 tokens, so tokens were added/],
    [
      'an added token among the special ones',
      () => ({ files: { 'added_tokens.json': JSON.stringify({ sotto: 51_000 }) } }),
      /added token "sotto" \(51000\)/,
    ],
    [
      'an added token behind them',
      () => ({ files: { 'added_tokens.json': JSON.stringify({ '<|new|>': 51_864 }) } }),
      /added token "<\|new\|>"/,
    ],
    ['another activation', () => ({ config: { activation_function: 'relu' } }), /activation is relu/],
    ['another inner width', () => ({ config: { encoder_ffn_dim: 16 } }), /inner width is 16/],
    ['another window', () => ({ config: { max_source_positions: 3000 } }), /3000 frames/],
    ['heads that do not divide', () => ({ config: { decoder_attention_heads: 3 } }), /decoder has 3 heads/],
    [
      'another spectrogram',
      () => ({ files: { 'preprocessor_config.json': JSON.stringify({ hop_length: 320 }) } }),
      /hop_length 320, expected 160/,
    ],
    ['more layers than there are', () => ({ config: { encoder_layers: 2 } }), /no tensor encoder\.layers\.1/],
    ['fewer layers than there are', () => ({ config: { decoder_layers: 1 } }), /does not: decoder\.layers\.1/],
    ['a missing tensor', () => changed(() => []), /no tensor encoder\.layers\.0\.fc1\.weight/],
    [
      'an unknown tensor',
      () =>
        changed((entry) => [
          [NAME, entry],
          ['model.encoder.adapter.weight', entry],
        ]),
      /does not: encoder\.adapter\.weight/,
    ],
    ['another shape', () => changed((entry) => [[NAME, { ...entry, shape: [8, 32] }]]), /is 8 x 32, expected 32 x 8/],
    [
      'another type',
      () => changed((entry) => [[NAME, { dtype: 'I8', shape: entry.shape, data: entry.data.subarray(0, 256) }]]),
      /stored as I8/,
    ],
    [
      'a projection of its own',
      () => {
        const entries = hfEntries(small);
        const embedding = entries.get('model.decoder.embed_tokens.weight') as Entry;
        const data = Buffer.from(embedding.data);
        data.writeUInt16LE(0x3c00, data.length - 2);
        return file(safetensors(new Map([...entries, ['proj_out.weight', { ...embedding, data }]])));
      },
      /proj_out\.weight is not its embedding/,
    ],
    [
      'values too large',
      () =>
        changed((entry) => [
          [NAME, { dtype: 'F32', shape: entry.shape, data: Buffer.from(new Float32Array(256).fill(1e6).buffer) }],
        ]),
      /float16 cannot hold/,
    ],
    ['a file cut inside a tensor', () => file(whole().subarray(0, 500_000)), /ends inside .* \(truncated at 500000/],
    ['a file cut inside its header', () => file(whole().subarray(0, 1_000)), /header claims \d+ bytes of 1000/],
    ['a file of nothing', () => file(Buffer.alloc(0)), /has no header/],
    ['a header without end', () => file(huge()), /header claims 1099511627776 bytes/],
    [
      'a header that is no JSON',
      () => {
        const bytes = whole();
        bytes.write('x', 8);
        return file(bytes);
      },
      /header cannot be read/,
    ],
    ['a file that goes on', () => file(Buffer.concat([whole(), Buffer.of(0)])), /goes on after/],
    [
      'a size that is not that of the shape',
      () =>
        lying((header) => {
          const entry = header[NAME];
          if (entry) entry.shape = [64, 8];
        }),
      /fc1\.weight has 512 bytes, expected 1024/,
    ],
    [
      'two tensors in one place',
      () =>
        lying((header) => {
          const [one, two] = [header[NAME], header['model.encoder.layers.0.fc2.weight']];
          if (one && two) two.data_offsets = one.data_offsets;
        }),
      /starts at \d+, expected \d+/,
    ],
    [
      'a negative place',
      () =>
        lying((header) => {
          const entry = header[NAME];
          if (entry) entry.data_offsets = [-512, 0];
        }),
      /header cannot be read/,
    ],
    [
      'a shard outside of the folder',
      () => ({
        files: {
          ...ONE_FILE,
          'model.safetensors.index.json': JSON.stringify({ weight_map: { a: '../model.safetensors' } }),
        },
      }),
      /names "\.\.\/model\.safetensors"/,
    ],
    [
      'a missing shard',
      () => ({ files: { ...ONE_FILE, ...shards(hfEntries(small), 2), 'model-00002-of-00002.safetensors': null } }),
      /no model-00002-of-00002\.safetensors/,
    ],
    [
      'an index that promises more',
      () => {
        const files = shards(hfEntries(small), 1);
        const index = JSON.parse(String(files['model.safetensors.index.json']));
        index.weight_map['model.more'] = 'model-00001-of-00001.safetensors';
        return { files: { ...ONE_FILE, ...files, 'model.safetensors.index.json': JSON.stringify(index) } };
      },
      /lacks model\.more/,
    ],
    ['no tokenizer', () => ({ files: { 'vocab.json': null } }), /no tokenizer\.json, vocab\.json/],
  ];

  it.each(cases)('%s', async (_what, options, words) => {
    const modelDir = await temporaryFolder();
    const folder = await hfFolder(small, options());
    const problem = importModel(folder, { name: 'mine', modelDir }).then(
      String,
      (error: Error & { detail?: string }) => (error.detail === undefined ? error.stack : error.detail),
    );
    expect(await problem).toMatch(words);
    expect(await readdir(modelDir)).toEqual([]);
  });
});

describe('the self-test', () => {
  it('tells what the model heard and what it takes', async () => {
    const [phrase] = (await nanoPhrases(1, 5)).slice(0, 1);
    if (!phrase) throw new Error('no phrase');
    const speech = { samples: packed([phrase], 500), text: phrase.text };
    const { selfTest } = await importModel(nanoFolder, { name: 'mine', modelDir: await temporaryFolder(), speech });
    expect(selfTest).toMatchObject({ text: phrase.text, asSpoken: true });
    expect(selfTest?.windowMs).toBeGreaterThan(0);
    expect(selfTest?.memoryBytes).toBeGreaterThan(10_000_000);
  });

  it('keeps a model of damaged numbers from getting its name', async () => {
    const tensors = new Map(nano.tensors);
    tensors.set('encoder.ln_post.weight', new Float32Array(nano.hparams.audioWidth).fill(Number.NaN));
    const folder = await hfFolder({ ...nano, tensors }, { dtype: 'F32' });
    const modelDir = await temporaryFolder();
    const speech = { samples: new Int16Array(16_000), text: '' };
    const attempt = importModel(folder, { name: 'mine', modelDir, speech });
    await expect(attempt).rejects.toMatchObject({ detail: expect.stringMatching(/weights are damaged|engine/) });
    expect(await readdir(modelDir)).toEqual([]);
  });
});
