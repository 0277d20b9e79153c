import { appendFile, mkdir, readdir, readFile, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { digestPath, modelDigest } from '@sotto/model-files';
import { checkGgmlFile } from '../src/models/ggml-file.ts';
import { installModel } from '../src/models/install.ts';
import { scanModelFolder } from '../src/models/installed.ts';
import { NANO, NANO_WARNING } from '../src/models/nano.ts';
import { modelPath } from '../src/models/paths.ts';
import { removeModel } from '../src/models/remove.ts';
import { resolveModel } from '../src/models/resolve.ts';
import { smallGgml, temporaryFolder } from './models-fixtures.ts';

let small: Buffer;
let nano: Buffer;
beforeAll(async () => {
  small = (await smallGgml()).bytes;
  const folder = await temporaryFolder();
  await installModel('sotto-nano', folder);
  nano = await readFile(modelPath(folder, NANO.name));
});

describe('sotto-nano', () => {
  it('is unpacked whole, and only once', async () => {
    const folder = await temporaryFolder();
    const { model, attempts } = await installModel('sotto-nano', folder);
    expect(model).toMatchObject({
      name: 'sotto-nano',
      bytes: NANO.bytes,
      digest: NANO.sha256,
      multilingual: true,
      rank: 0,
    });
    expect(model.warning).toBe(NANO_WARNING);
    expect(attempts).toMatchObject([{ source: 'bundled', problem: null }]);
    const { mtimeMs } = await stat(model.path);
    expect((await installModel('sotto-nano', folder)).attempts).toEqual([]);
    expect((await stat(model.path)).mtimeMs).toBe(mtimeMs);
  });

  it("has Whisper's structure with its own sizes", async () => {
    const file = join(await temporaryFolder(), 'nano.bin');
    await writeFile(file, nano);
    const { hparams, precision } = await checkGgmlFile(file);
    expect(hparams).toMatchObject({
      vocab: 51_865,
      audioWidth: 128,
      audioHeads: 4,
      audioLayers: 3,
      textLayers: 3,
      mels: 80,
    });
    expect(precision).toBe('f16');
  });
});

describe('a damaged file', () => {
  const problemOf = async (bytes: Buffer) => {
    const file = join(await temporaryFolder(), 'model.bin');
    await writeFile(file, bytes);
    return checkGgmlFile(file).then(
      () => 'accepted',
      (error: { code: string; detail: string }) => `${error.code}: ${error.detail}`,
    );
  };
  const patched = (offset: number, value: number) => {
    const bytes = Buffer.from(small);
    bytes.writeInt32LE(value, offset);
    return bytes;
  };

  it('is refused wherever it ends', async () => {
    expect(await problemOf(small)).toBe('accepted');
    // Header, mel filters, vocabulary, a tensor's header, a tensor's data, the last byte; whisper.cpp takes the last four.
    for (const bytes of [0, 3, 40, 1_000, 300_000, small.length - 1_000, small.length - 1]) {
      expect(await problemOf(small.subarray(0, bytes))).toMatch(/^model_load_failed: .*(truncated|not a ggml)/);
    }
  });

  it('is refused without its tensors, which whisper.cpp loads as an "empty model for testing"', async () => {
    const firstTensor = small.indexOf('encoder.positional_embedding') - 20;
    expect(await problemOf(small.subarray(0, firstTensor))).toMatch(/74 of 74 tensors are missing/);
  });

  it.each([
    ['a wrong magic number', 0, 1, /not a ggml model/],
    ['an absurd vocabulary', 4, 2_000_000_000, /vocab is 2000000000/],
    ['a negative width', 12, -8, /audioWidth is -8/],
    ['other mel filters', 48, 79, /79 x 201 mel filters/],
    ['different widths', 28, 16, /different widths/],
  ])('%s', async (_what, offset, value, words) => {
    expect(await problemOf(patched(offset, value))).toMatch(words);
  });

  it('a tensor of too many dimensions, of another shape, unknown or twice', async () => {
    const first = small.indexOf('encoder.positional_embedding') - 20;
    expect(await problemOf(patched(first, 1_000_000))).toMatch(/no valid header/);
    expect(await problemOf(patched(first + 12, 4))).toMatch(/encoder.positional_embedding is 1500 x 4/);
    const renamed = Buffer.from(small);
    renamed.write('Encoder', first + 20);
    expect(await problemOf(renamed)).toMatch(/"Encoder.positional_embedding" is unknown or comes twice/);
    expect(await problemOf(Buffer.concat([small, small.subarray(first)]))).toMatch(/comes twice/);
  });
});

describe('a model folder', () => {
  it('that does not exist has no models', async () => {
    expect(await scanModelFolder(join(await temporaryFolder(), 'none'))).toEqual({ models: [], damaged: [] });
  });

  it('lists what can be loaded, best first, and what cannot with the reason', async () => {
    const folder = await temporaryFolder();
    await writeFile(modelPath(folder, 'mine'), small);
    await writeFile(join(folder, 'other.bin'), small);
    await writeFile(modelPath(folder, NANO.name), nano);
    await writeFile(modelPath(folder, 'cut'), small.subarray(0, -1));
    await writeFile(join(folder, 'readme.txt'), 'hello');
    await writeFile(join(folder, '.ggml-base.bin.part'), 'half');
    const { models, damaged } = await scanModelFolder(folder);
    expect(models.map(({ name }) => name)).toEqual(['mine', 'other', 'sotto-nano']);
    expect(damaged).toEqual([{ file: 'ggml-cut.bin', reason: expect.stringContaining('truncated') }]);
    await expect(resolveModel('cut', 'float16', folder)).rejects.toMatchObject({
      code: 'model_not_available',
      detail: expect.stringMatching(
        /"cut" is not installed\. Installed here: mine, other, sotto-nano\. ggml-cut\.bin .*truncated/,
      ),
    });
    expect((await resolveModel('Other', 'float16', folder)).path).toBe(join(folder, 'other.bin'));
  });

  it('remembers digests until a file changes', async () => {
    const path = modelPath(await temporaryFolder(), 'mine');
    await writeFile(path, small);
    const digest = await modelDigest(path);
    const { atime, mtime } = await stat(path);
    // Same size and time: the remembered digest is believed, which shows that it is used.
    const other = Buffer.from(small);
    other.writeUInt8(other.readUInt8(other.length - 1) ^ 1, other.length - 1);
    await writeFile(path, other);
    await utimes(path, atime, mtime);
    const remembered = JSON.parse(await readFile(digestPath(path), 'utf8'));
    await writeFile(digestPath(path), JSON.stringify({ ...remembered, modifiedMs: (await stat(path)).mtimeMs }));
    expect(await modelDigest(path)).toBe(digest);
    await appendFile(path, 'x');
    await truncate(path, other.length);
    await utimes(path, atime, new Date(mtime.getTime() + 5_000));
    expect(await modelDigest(path)).not.toBe(digest);
  });

  it('hashes a file once where digests cannot be written', async () => {
    const path = modelPath(await temporaryFolder(), 'mine');
    await mkdir(digestPath(path));
    await writeFile(path, small);
    const { atime, mtime } = await stat(path);
    // A time that utimes can set again to the last digit.
    await utimes(path, atime, new Date(mtime.getTime()));
    const digest = await modelDigest(path);
    const other = Buffer.from(small).fill(small.readUInt8(small.length - 1) ^ 1, small.length - 1);
    await writeFile(path, other);
    await utimes(path, atime, new Date(mtime.getTime()));
    expect(await modelDigest(path)).toBe(digest);
    await utimes(path, atime, new Date(mtime.getTime() + 5_000));
    expect(await modelDigest(path)).not.toBe(digest);
  });

  it('loses a model with what belongs to it, also a damaged one', async () => {
    const folder = await temporaryFolder();
    await installModel('sotto-nano', folder);
    await writeFile(modelPath(folder, 'large-v3'), 'damaged');
    expect(await removeModel('Sotto-nano', folder)).toBe(true);
    expect(await removeModel('sotto-nano', folder)).toBe(false);
    expect(await removeModel('large', folder)).toBe(true);
    expect(await readdir(folder)).toEqual([]);
    expect(await removeModel('base', join(folder, 'none'))).toBe(false);
  });

  it('loses it once, however many remove it at the same time', async () => {
    const folder = await temporaryFolder();
    await writeFile(modelPath(folder, 'large-v3'), 'damaged');
    const removed = await Promise.all(Array.from({ length: 5 }, () => removeModel('large', folder)));
    expect(removed.filter(Boolean)).toHaveLength(1);
    expect(await readdir(folder)).toEqual([]);
  });
});
