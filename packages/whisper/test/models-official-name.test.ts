import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { SottoError } from '@sotto/contracts';
import { describeWith, tinyEnModelDir } from '@sotto/testkit';
import { catalogEntry } from '../src/models/catalog.ts';
import { type ImportOptions, importModel } from '../src/models/import/import-model.ts';
import { PYTHON_MODELS } from '../src/models/python-models.ts';
import { resolveModel } from '../src/models/resolve.ts';
import { SMALL, temporaryFolder } from './models-fixtures.ts';
import { type Content, ggmlContent, hfEntries, hfFolder, noiseContent, shards } from './models-hf-fixtures.ts';

jest.setTimeout(120_000);

async function importAs(folder: string, options: Pick<ImportOptions, 'name' | 'quantize'>, modelDir?: string) {
  return importModel(folder, { ...options, modelDir: modelDir ?? (await temporaryFolder()) });
}

/** What is said about an import that must fail, which leaves nothing behind. */
async function problemOf(folder: string, options: Pick<ImportOptions, 'name' | 'quantize'>): Promise<string> {
  const modelDir = await temporaryFolder();
  const error = await importAs(folder, options, modelDir).catch((cause: unknown) => cause);
  expect(await readdir(modelDir)).toEqual([]);
  return error instanceof SottoError && error.code === 'invalid_parameter' ? error.detail : String(error);
}

describe('the name of an official model', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await hfFolder(noiseContent(SMALL, 50_256));
  });

  it.each([
    ['tiny.en', /tiny\.en is the name of an official model, and this is another one \(.*SHA-256 [0-9a-f]{64}\)/],
    ['base', /base is the name of an official model, and this is another one/],
    ['small', /small is the name of an official model, and only the weights of base and tiny\.en are recognised/],
    ['sotto-nano', /only the weights of base and tiny\.en are recognised/],
    ['large', /large is another name for the official model large-v3/],
    ['base-q8_0', /base-q8_0 is the official name of weights of type q8_0, not f16/],
    ['auto', /auto stands for the best installed model/],
  ])('is not for another model: %s', async (name, words) => {
    expect(await problemOf(folder, { name })).toMatch(words);
  });
});

describeWith(await tinyEnModelDir(), "OpenAI's tiny.en as a Hugging Face folder", (official) => {
  const file = join(official, 'ggml-tiny.en.bin');
  let content: Content;
  let folder: string;

  beforeAll(async () => {
    content = await ggmlContent(file);
    folder = await hfFolder(content);
  });

  it("becomes the catalog's file again under its own name, byte for byte: float16, and float32 in shards", async () => {
    const f32 = { 'model.safetensors': null, ...shards(hfEntries(content, 'F32'), 3) };
    for (const stored of [folder, await hfFolder(content, { files: f32 })]) {
      const model = await importAs(stored, { name: 'tiny.en' });
      expect(model).toMatchObject({ name: 'tiny.en', digest: PYTHON_MODELS['tiny.en'].sha256 });
      expect(model.catalog).toBe(catalogEntry('tiny.en'));
      expect((await readFile(model.path)).equals(await readFile(file))).toBe(true);
    }
  });

  it('takes the name of its quantised form when it is quantised, and serves what that name is asked for', async () => {
    const modelDir = await temporaryFolder();
    const model = await importAs(folder, { name: 'tiny.en-q8_0', quantize: 'q8_0' }, modelDir);
    expect(model).toMatchObject({ name: 'tiny.en-q8_0', precision: 'q8_0', rank: catalogEntry('tiny.en')?.rank });
    expect(await resolveModel('tiny.en', 'int8', modelDir)).toMatchObject({ name: 'tiny.en-q8_0', warning: null });
  });

  it('does not take the name of other weights of its own, nor that of a sister', async () => {
    expect(await problemOf(folder, { name: 'tiny.en', quantize: 'q5_1' })).toMatch(/weights of type f16, not q5_1/);
    expect(await problemOf(folder, { name: 'tiny.en-q8_0', quantize: 'q5_1' })).toMatch(/of type q8_0, not q5_1/);
    expect(await problemOf(folder, { name: 'base' })).toMatch(/this is another one/);
  });

  it('has lost its name when a single weight, or a word of its vocabulary, is another', async () => {
    const name = 'decoder.ln.bias';
    const bias = Float32Array.from(content.tensors.get(name) ?? []);
    bias[7] = (bias[7] ?? 0) + 1;
    const retrained = await hfFolder({ ...content, tensors: new Map([...content.tensors, [name, bias]]) });
    const [first, second] = [content.tokens[0], content.tokens[1]] as [Buffer, Buffer];
    const reworded = await hfFolder({ ...content, tokens: [second, first, ...content.tokens.slice(2)] });
    for (const other of [retrained, reworded]) {
      expect(await problemOf(other, { name: 'tiny.en' })).toMatch(/this is another one/);
      expect(await problemOf(other, { name: 'tiny.en-q8_0', quantize: 'q8_0' })).toMatch(/this is another one/);
      expect(await importAs(other, { name: 'mine' })).toMatchObject({ name: 'mine', catalog: null });
    }
  });
});
