/** @busy It runs the whole service, from a folder as the all-in-one image has it. */
import { existsSync } from 'node:fs';
import { readdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  Child,
  describeWith,
  mustRun,
  REPOSITORY,
  type Resource,
  runCommand,
  temporaryFolder,
  waitFor,
} from '@sotto/testkit';
import { type Home, makeHome } from './home.ts';

const SCRIPTS = join(REPOSITORY, 'scripts/images');
/** What is deployed is what was built: of sources that changed since, it would say nothing. */
const built: Resource<string> =
  process.env.SOTTO_TEST_DIST === '1' ? { value: REPOSITORY } : { skipped: 'it runs what `npm test` builds' };

describeWith(built, 'an app as its image has it', () => {
  let folder: string;
  let home: Home;
  /** A package of ours in the folder, as the app `above` finds it. */
  const packageFolder = (name: string, above = folder): Promise<string> =>
    realpath(join(above, 'node_modules/@sotto', name));

  beforeAll(async () => {
    home = await makeHome();
    folder = await temporaryFolder('deployed');
    await mustRun(process.execPath, [join(SCRIPTS, 'deploy.mjs'), 'all-in-one', folder]);
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await home.remove();
  });

  it('serves: Redis, the API with page and library and a worker with its engine start from there, and its sample is transcribed', async () => {
    const service = await Child.start({
      name: 'sotto up',
      command: process.execPath,
      args: [join(folder, 'bin/sotto.js'), 'up'],
      env: home.env,
      cwd: home.folder,
    });
    await waitFor(() => service.exit !== null || service.output.includes('Sotto is ready at'), {
      what: 'the deployed service to be ready',
      timeoutMs: 90_000,
    });
    expect(service.output).toMatch(/Self-test \(.*\): hello world one two three/);
    expect(service.output).not.toContain(join(REPOSITORY, 'apps'));
    expect(await (await fetch(`${home.url}/health/ready`)).json()).toMatchObject({ checks: { library: true } });
    expect((await fetch(`${home.url}/app/`)).status).toBe(200);
    await service.stop(60_000);
  });

  it('has neither sources, tests, a second ffmpeg nor the sources of whisper.cpp', async () => {
    const worker = await packageFolder('worker');
    expect((await readdir(worker)).sort()).toEqual(['dist', 'package.json']);
    const packages = await readdir(join(folder, 'node_modules/.pnpm'));
    expect(packages.filter((name) => name.startsWith('@ffmpeg-installer+'))).toEqual([]);
    expect(existsSync(join(folder, 'node_modules/nodejs-whisper/cpp/whisper.cpp/ggml'))).toBe(false);
  });

  it('is not made without an engine', async () => {
    const check = () => runCommand(process.execPath, [join(SCRIPTS, 'check-engine.mjs'), folder]);
    expect(await check()).toMatchObject({ code: 0 });
    await rm(join(await packageFolder('whisper'), 'build/sotto_whisper.node'));
    expect(await check()).toMatchObject({ code: 1, stderr: expect.stringContaining('has not been built') });
  });
});
