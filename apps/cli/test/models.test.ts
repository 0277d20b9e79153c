import { copyFile, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { nanoModelDir, type Service, startService } from '@sotto/testkit';
import { type Home, makeHome } from './home.ts';
import { run } from './run.ts';

describe('sotto models', () => {
  let home: Home;
  let service: Service;
  let folder = '';
  const file = (name: string) => join(folder, `ggml-${name}.bin`);
  const models = (...args: string[]) =>
    run(home, ['models', ...args], { WHISPER_MODEL_DIR: folder, SOTTO_SERVER: service.url });

  beforeAll(async () => {
    home = await makeHome();
    folder = join(home.folder, 'models');
    await mkdir(folder);
    const nano = join(await nanoModelDir(), 'ggml-sotto-nano.bin');
    for (const name of ['sotto-nano', 'own']) await copyFile(nano, file(name));
    service = await startService({ modelDir: folder });
  });
  afterAll(async () => {
    await service?.close();
    await home?.remove();
  });

  it('sets the default of a running service, and keeps models in its memory', async () => {
    expect(await models('default')).toMatchObject({ code: 0, stdout: 'sotto-nano' });
    expect(await models('default', 'own')).toMatchObject({ code: 0, stdout: 'own' });
    expect(await models('default', 'huge')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Available models'),
    });
    expect(await models('default', '--reset')).toMatchObject({ code: 0 });
    expect(await models('preload', 'own')).toMatchObject({ code: 0, stderr: expect.stringContaining('own') });
    expect(await models('preload', 'own', '--release')).toMatchObject({ code: 0 });
  });

  it('verifies what is in the folder, whatever was remembered of it', async () => {
    expect(await models('verify', 'own')).toMatchObject({ code: 0, stdout: expect.stringMatching(/own\.bin .* ok, /) });
    await copyFile(file('own'), file('tiny'));
    expect(await models('verify', 'tiny')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('NOT the official'),
    });
    await rm(file('tiny'));
    const handle = await open(file('own'), 'r+');
    await handle.truncate(100_000);
    await handle.close();
    expect(await models('verify')).toMatchObject({ code: 1, stdout: expect.stringContaining('DAMAGED') });
    expect(await models('verify', 'nothing')).toMatchObject({ code: 1 });
  });
});
