import { execFile } from 'node:child_process';
import { rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, it, jest } from '@jest/globals';
import { enginesOf } from '@sotto/contracts';
import { describeWith, temporaryFolder, waitFor } from '@sotto/testkit';
import { Fleet } from './fleet.ts';
import { installedJoe, putJoe } from './joe.ts';
import { endedText, spokenText, submitText } from './spoken.ts';

jest.setTimeout(180_000);

let fleet: Fleet;
afterEach(() => fleet.close());

const which = async (program: string) => (await promisify(execFile)('which', [program])).stdout.trim();

const models = async () =>
  enginesOf(await fleet.heartbeats.list(), 'speak').flatMap((engine) => engine.models.map(({ name }) => name));
const untilOffered = (expected: string[]) =>
  waitFor(async () => String(await models()) === String(expected), { what: `voices ${expected}`, timeoutMs: 60_000 });

it('a worker without any voice speaks as soon as one is installed, and no more when it is removed', async () => {
  const bin = await temporaryFolder('bin');
  for (const program of ['node', 'ffmpeg', 'ffprobe', 'python3'])
    await symlink(await which(program), join(bin, program));
  fleet = await Fleet.start();
  await fleet.addWorker(['prepare', 'speak'], { PATH: bin });
  expect(await models()).toEqual([]);
  await symlink(await which('espeak-ng'), join(bin, 'espeak-ng'));
  await untilOffered(['espeak-ng']);
  expect((await spokenText(fleet, 'Hello, world.')).result.engine).toBe('espeak');
  await rm(join(bin, 'espeak-ng'));
  await untilOffered([]);
});

describeWith(await installedJoe(), "Piper's joe", (joe) => {
  it('is offered when it is installed, speaks on when it is removed, and is offered no more', async () => {
    const modelDir = await temporaryFolder('models');
    const voices = join(modelDir, 'voices');
    fleet = await Fleet.start({ roles: [['prepare', 'speak']], env: { WHISPER_MODEL_DIR: modelDir } });
    expect(await models()).toEqual(['espeak-ng']);
    await putJoe(joe as string, voices);
    await untilOffered(['en_US-joe-medium', 'espeak-ng']);
    const { result } = await spokenText(fleet, 'Hello, world.', { voice: 'joe' });
    expect(result.engine).toBe('piper');
    const { id } = await submitText(fleet, 'The first sentence is a long one that takes its time. '.repeat(4), {
      voice: 'joe',
    });
    await waitFor(async () => (await fleet.runs.run(id))?.stage === 'speaking', { what: 'it to speak', intervalMs: 2 });
    await rename(join(voices, 'joe'), join(voices, '.joe.work'));
    await untilOffered(['espeak-ng']);
    const late = await submitText(fleet, 'Hello.', { voice: 'joe' });
    expect((await endedText(fleet, late.id)).error?.code).toBe('invalid_parameter');
    // Whatever of the text had not begun waits for a worker that has its voice.
    await rename(join(voices, '.joe.work'), join(voices, 'joe'));
    expect(await endedText(fleet, id)).toMatchObject({ status: 'completed', error: null });
    expect((await spokenText(fleet, 'Hello.', { voice: 'espeak' })).result.engine).toBe('espeak');
  });
});
