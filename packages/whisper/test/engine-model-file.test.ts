import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SottoError } from '@sotto/contracts';
import { temporaryFolder } from '@sotto/testkit';
import { WhisperModel } from '../src/index.ts';
import { nanoPath } from './engine-fixtures.ts';

const OPTIONS = { device: 'cpu', slots: 1, threads: 1 } as const;

describe('a file that is no model', () => {
  let folder: string;
  let sound: Buffer;

  beforeAll(async () => {
    folder = await temporaryFolder('engine');
    sound = await readFile(await nanoPath());
  });

  afterAll(() => rm(folder, { recursive: true }));

  async function refusal(path: string): Promise<string> {
    const error = await WhisperModel.load(path, OPTIONS).then(
      async (loaded) => loaded.close(),
      (reason: SottoError) => reason,
    );
    if (!(error instanceof SottoError)) throw new Error('it was loaded');
    expect(error.code).toBe('model_load_failed');
    return error.detail;
  }

  it.each([
    ['one byte short', -1],
    ['a thousand bytes short', -1_000],
    ['half', 9_000_000],
    ['its header only', 48],
    ['its magic only', 4],
  ])('is refused: %s', async (name, length) => {
    const path = join(folder, `${name}.bin`);
    await writeFile(path, sound);
    await truncate(path, length < 0 ? sound.length + length : length);
    expect(await refusal(path)).toContain('truncated');
  });

  it('is refused: longer than its tensors', async () => {
    const path = join(folder, 'longer.bin');
    await writeFile(path, Buffer.concat([sound, Buffer.alloc(100)]));
    expect(await refusal(path)).toContain('more tensors');
  });

  it.each([
    ['text', Buffer.from('This is not a model. '.repeat(100))],
    ['nothing', Buffer.alloc(0)],
    ['zeros', Buffer.alloc(4_096)],
  ])('is refused: %s', async (name, content) => {
    const path = join(folder, `${name}.bin`);
    await writeFile(path, content);
    expect(await refusal(path)).toContain('not a whisper.cpp (ggml) model');
  });

  it('is refused: a folder, and nothing at all', async () => {
    const path = join(folder, 'folder.bin');
    await mkdir(path);
    expect(await refusal(path)).toMatch(/cannot be opened|not a whisper.cpp/);
    expect(await refusal(join(folder, 'absent.bin'))).toContain('cannot be opened');
  });

  /** The first tensor's header follows the vocabulary: number of dimensions, length of name, type. */
  function firstTensorAt(file: Buffer): number {
    let at = 48 + 8 + file.readInt32LE(48) * file.readInt32LE(52) * 4;
    const tokens = file.readInt32LE(at);
    at += 4;
    for (let i = 0; i < tokens; i += 1) at += 4 + file.readInt32LE(at);
    return at;
  }

  it.each([
    ['a hundred dimensions', 0, 100],
    ['a name of a billion bytes', 4, 1e9],
    ['a type that is none', 8, 77],
    ['a negative size', 12, -5],
  ])('is refused: a tensor with %s', async (name, offset, value) => {
    const damaged = Buffer.from(sound);
    damaged.writeInt32LE(value, firstTensorAt(sound) + offset);
    const path = join(folder, `${name}.bin`);
    await writeFile(path, damaged);
    expect(await refusal(path)).toMatch(/damaged/);
  });

  it('is refused: a header of another shape', async () => {
    const damaged = Buffer.from(sound);
    damaged.writeInt32LE(7, 4 + 4 * 3);
    const path = join(folder, 'heads.bin');
    await writeFile(path, damaged);
    expect(await refusal(path)).toContain('describes no Whisper model');
  });
});
