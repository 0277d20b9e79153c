import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { checkGgmlFile } from '../src/models/ggml-file.ts';
import { fromHalf, toHalf } from '../src/models/import/half.ts';
import { importModel } from '../src/models/import/import-model.ts';
import type { Quantisation } from '../src/models/import/quantise.ts';
import {
  type Ct2Options,
  type Ct2Variable,
  ct2Bytes,
  ct2Folder,
  ct2Variables,
  SMALL,
  scalarVariable,
  temporaryFolder,
  tokenizerJson,
} from './models-fixtures.ts';

const TOKENIZER = tokenizerJson(50_256);

interface Attempt {
  variables?: Ct2Variable[];
  options?: Ct2Options;
  bytes?: Buffer;
  files?: Record<string, string | null>;
  name?: string;
  overwrite?: boolean;
  modelDir?: string;
  quantize?: Quantisation;
}

async function importOf(attempt: Attempt = {}) {
  const model = attempt.bytes ?? ct2Bytes(attempt.variables ?? ct2Variables(SMALL), attempt.options);
  const folder = await ct2Folder({ 'model.bin': model, 'tokenizer.json': TOKENIZER, ...attempt.files });
  const modelDir = attempt.modelDir ?? (await temporaryFolder());
  const { name = 'mine', overwrite = false, quantize } = attempt;
  return importModel(folder, { name, modelDir, overwrite, quantize });
}

const problemOf = (attempt: Attempt) => importOf(attempt).then(String, (error: { detail: string }) => error.detail);

/** The variables with one of them changed. */
function changed(name: string, change: (variable: Ct2Variable) => Ct2Variable[]): Ct2Variable[] {
  return ct2Variables(SMALL).flatMap((variable) => (variable.name === name ? change(variable) : [variable]));
}

/** A tensor's values as stored in a ggml file: found by its name, which stands before its data. */
async function tensorOf(path: string, name: string, count: number, half: boolean): Promise<number[]> {
  const file = await readFile(path);
  const at = file.indexOf(name, 0, 'latin1') + name.length;
  return Array.from({ length: count }, (_, i) =>
    half ? fromHalf(file.readUInt16LE(at + 2 * i)) : file.readFloatLE(at + 4 * i),
  );
}

const singles = (data: Buffer): number[] => [...new Float32Array(data.buffer, data.byteOffset, data.length / 4)];
const find = (name: string) => ct2Variables(SMALL).find((each) => each.name === name) as Ct2Variable;

describe('a float32 model', () => {
  it('becomes a whole ggml file: sizes, names, vocabulary and values', async () => {
    const model = await importOf();
    expect(model).toMatchObject({ name: 'mine', multilingual: false, precision: 'f16', catalog: null, warning: null });
    const { hparams } = await checkGgmlFile(model.path);
    expect(hparams).toEqual(SMALL);
    const value = find('decoder/layer_1/self_attention/linear_0/weight');
    const third = singles(value.data)
      .slice(128, 192)
      .map((number) => fromHalf(toHalf(number)));
    expect(await tensorOf(model.path, 'decoder.blocks.1.attn.value.weight', 64, true)).toEqual(third);
    const norm = find('encoder/layer_norm/gamma');
    expect(await tensorOf(model.path, 'encoder.ln_post.weight', 8, false)).toEqual(singles(norm.data));
    expect((await readFile(model.path)).includes(Buffer.from(' 777'))).toBe(true);
  });

  it('reads the vocabulary from what CTranslate2 writes where there is no tokenizer.json', async () => {
    const pieces = Array.from({ length: 51_864 }, (_, id) => (id < 50_256 ? `Ġ${id}` : `<|${id}|>`));
    const wanted = (await importOf()).digest;
    const json = await importOf({ files: { 'tokenizer.json': null, 'vocabulary.json': JSON.stringify(pieces) } });
    const text = await importOf({ files: { 'tokenizer.json': null, 'vocabulary.txt': `${pieces.join('\n')}\n` } });
    expect([json.digest, text.digest]).toEqual([wanted, wanted]);
  });

  it.each([
    ['multilingual', 51_865, 80],
    ['large-v3 shaped', 51_866, 128],
  ])('%s: %i tokens, %i mel bins', async (_what, vocab, mels) => {
    const variables = ct2Variables({ ...SMALL, vocab, mels });
    // The multilingual tokenizer's last text token is the empty one, which tokenizer.json leaves out.
    const model = await importOf({ variables, files: { 'tokenizer.json': TOKENIZER } });
    expect(model.multilingual).toBe(true);
    expect((await checkGgmlFile(model.path)).hparams).toMatchObject({ vocab, mels });
  });
});

describe('quantised', () => {
  it('straight from int8', async () => {
    const sizes = { ...SMALL, audioWidth: 32, textWidth: 32 };
    const integers = Int8Array.from({ length: 32 * 128 }, (_, i) => (i % 255) - 127);
    const name = 'encoder/layer_0/ffn/linear_0/weight';
    const variables = ct2Variables(sizes).flatMap((each) =>
      each.name === name
        ? [
            { ...each, type: 1, data: Buffer.from(integers.buffer) },
            { name: `${name}_scale`, dims: [128], type: 0, data: Buffer.from(new Float32Array(128).fill(127).buffer) },
          ]
        : [each],
    );
    const model = await importOf({ variables, quantize: 'q8_0' });
    expect(model.precision).toBe('q8_0');
    // A block: its scale as float16, then 32 integers. The largest of these rows is -1, so they come back as they were.
    const file = await readFile(model.path);
    const at = file.indexOf('encoder.blocks.0.mlp.0.weight', 0, 'latin1') + 'encoder.blocks.0.mlp.0.weight'.length;
    expect(fromHalf(file.readUInt16LE(at))).toBeCloseTo(1 / 127, 5);
    expect([...new Int8Array(file.subarray(at + 2, at + 34))]).toEqual([...integers.subarray(0, 32)]);
  });
});

describe('other types', () => {
  const name = 'encoder/layer_0/ffn/linear_0/weight';
  const stored = (path: string) => tensorOf(path, 'encoder.blocks.0.mlp.0.weight', 256, true);

  it('float16 is copied as it is', async () => {
    const halves = Uint16Array.from(singles(find(name).data), toHalf);
    const variables = changed(name, (each) => [{ ...each, type: 4, data: Buffer.from(halves.buffer) }]);
    expect(await stored((await importOf({ variables })).path)).toEqual(Array.from(halves, fromHalf));
  });

  it('bfloat16 is the upper half of a float32', async () => {
    const data = find(name).data;
    const upper = Uint16Array.from({ length: 256 }, (_, i) => data.readUInt16LE(4 * i + 2));
    const variables = changed(name, (each) => [{ ...each, type: 5, data: Buffer.from(upper.buffer) }]);
    const expected = Array.from(upper, (bits) => {
      const single = Buffer.alloc(4);
      single.writeUInt16LE(bits, 2);
      return fromHalf(toHalf(single.readFloatLE()));
    });
    expect(await stored((await importOf({ variables })).path)).toEqual(expected);
  });

  it('int8 is divided by the scale of its row', async () => {
    const integers = Int8Array.from({ length: 256 }, (_, i) => (i % 255) - 127);
    const scales = Float32Array.from({ length: 32 }, (_, row) => 100 + row);
    const variables = changed(name, (each) => [
      { ...each, type: 1, data: Buffer.from(integers.buffer) },
      { name: `${name}_scale`, dims: [32], type: 0, data: Buffer.from(scales.buffer) },
    ]);
    const expected = Array.from(integers, (value, i) =>
      fromHalf(toHalf(Math.fround(value / (100 + Math.floor(i / 8))))),
    );
    expect(await stored((await importOf({ variables })).path)).toEqual(expected);
  });

  it('int16 is divided by the one scale of its variable', async () => {
    const integers = Int16Array.from({ length: 256 }, (_, i) => i * 100 - 12_800);
    const variables = changed(name, (each) => [
      { ...each, type: 2, data: Buffer.from(integers.buffer) },
      { name: `${name}_scale`, dims: [], type: 0, data: Buffer.from(Float32Array.of(1024).buffer) },
    ]);
    const expected = Array.from(integers, (value) => fromHalf(toHalf(value / 1024)));
    expect(await stored((await importOf({ variables })).path)).toEqual(expected);
  });
});

describe('refused with a clear word', () => {
  const name = 'encoder/layer_0/ffn/linear_0/weight';
  const whole = () => ct2Bytes(ct2Variables(SMALL));
  const cases: [what: string, attempt: () => Attempt, words: RegExp][] = [
    ['no model.bin', () => ({ files: { 'model.bin': null } }), /no model\.bin/],
    ['another kind of model', () => ({ options: { spec: 'TransformerSpec' } }), /"TransformerSpec", not a WhisperSpec/],
    ['an old format', () => ({ options: { version: 3 } }), /format version 3, supported are 4, 5, 6/],
    ['something else', () => ({ bytes: Buffer.from('not a model at all') }), /format version \d+/],
    [
      'a file cut inside a tensor',
      () => ({ bytes: whole().subarray(0, 500_000) }),
      /ends inside .* \(truncated at 500000 bytes\)/,
    ],
    ['a file cut before its aliases', () => ({ bytes: whole().subarray(0, -58) }), /ends inside the aliases/],
    ['a file that goes on', () => ({ bytes: Buffer.concat([whole(), Buffer.of(0)]) }), /goes on after its end/],
    [
      'a missing variable',
      () => ({ variables: changed(name, () => []) }),
      /no variable encoder\/layer_0\/ffn\/linear_0\/weight/,
    ],
    [
      'an unknown variable',
      () => ({ variables: changed(name, (each) => [each, { ...each, name: 'encoder/adapter/weight' }]) }),
      /variables that Whisper does not: encoder\/adapter\/weight/,
    ],
    [
      'an untied projection',
      () => ({
        variables: changed('decoder/embeddings/weight', (each) => [
          each,
          { ...each, name: 'decoder/projection/weight' },
        ]),
      }),
      /decoder\/projection\/weight/,
    ],
    [
      'another shape',
      () => ({ variables: changed(name, (each) => [{ ...each, dims: [16, 8], data: each.data.subarray(0, 512) }]) }),
      /is 16 x 8/,
    ],
    ['an unknown type', () => ({ variables: changed(name, (each) => [{ ...each, type: 9 }]) }), /unknown type 9/],
    [
      'int8 without scale',
      () => ({ variables: changed(name, (each) => [{ ...each, type: 1, data: each.data.subarray(0, 256) }]) }),
      /is quantised \(i8\) and has no scale/,
    ],
    [
      'values too large',
      () => ({
        variables: changed(name, (each) => [{ ...each, data: Buffer.from(new Float32Array(256).fill(1e6).buffer) }]),
      }),
      /float16 cannot hold/,
    ],
    ['a vocabulary of its own', () => ({ variables: ct2Variables({ ...SMALL, vocab: 51_900 }) }), /51900 tokens/],
    [
      'no tokenizer',
      () => ({ files: { 'tokenizer.json': null } }),
      /no tokenizer\.json, vocab\.json, vocabulary\.json/,
    ],
    ['a tokenizer that is no JSON', () => ({ files: { 'tokenizer.json': '{' } }), /tokenizer\.json cannot be read/],
    ['a tokenizer with a gap', () => ({ files: { 'tokenizer.json': tokenizerJson(50_000) } }), /no token 50000/],
    [
      'a key with a bias',
      () => ({
        variables: changed('encoder/layer_0/self_attention/linear_0/bias', (each) => [
          { ...each, data: Buffer.from(new Float32Array(24).fill(1).buffer) },
        ]),
      }),
      /key .*bias/,
    ],
    [
      'heads that do not divide the width',
      () => ({ variables: changed('encoder/num_heads', () => [scalarVariable('encoder/num_heads', 3)]) }),
      /3 heads/,
    ],
    ['a name of the catalog', () => ({ name: 'small' }), /name of an official model/],
    ['a name with a path', () => ({ name: '../mine' }), /small letters/],
  ];

  it.each(cases)('%s', async (_what, attempt, words) => {
    expect(await problemOf(attempt())).toMatch(words);
  });

  it('a name that is taken, unless it may be overwritten', async () => {
    const modelDir = await temporaryFolder();
    const { digest } = await importOf({ modelDir });
    expect(await problemOf({ modelDir })).toMatch(/a model named mine already/);
    expect((await importOf({ modelDir, overwrite: true })).digest).toBe(digest);
  });

  it('leaves nothing behind', async () => {
    const modelDir = await temporaryFolder();
    await problemOf({ modelDir, bytes: whole().subarray(0, 500_000) });
    expect(await readdir(modelDir)).toEqual([]);
  });
});
