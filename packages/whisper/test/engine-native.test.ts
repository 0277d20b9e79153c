/**
 * The engine's own test programs (native/whisper/test, native/silero/test, native/speakers/test), built here and run over speech: see CMakeLists.txt beside them.
 *
 * @alone It compiles them where their sources have changed, and they keep every core busy.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mustRun, REPOSITORY, runCommand, temporaryFolder, writeWav } from '@sotto/testkit';
import { nanoPath, nanoPhrases, packed } from './engine-fixtures.ts';
import { widenNano } from './wide-nano.ts';

// The programs are compiled when their sources have changed.
jest.setTimeout(600_000);

/** `pnpm --filter @sotto/whisper test:sanitized` runs the same with address and undefined-behaviour sanitizers, many times slower. */
const isSanitized = process.env.SOTTO_SANITIZED === '1';
const WINDOWS = isSanitized ? 60 : 200;

/** The fast kernels take models with heads of 64 only; sotto-nano's have 32. */
const BACKENDS = [
  { backend: 'portable', model: 'nano' },
  { backend: 'fast', model: 'wide' },
] as const;

let folder: string;
let programs: string;
let models: Record<(typeof BACKENDS)[number]['model'], string>;
let wav: string;

beforeAll(async () => {
  folder = await temporaryFolder('engine-native');
  const script = join(REPOSITORY, 'packages/whisper/scripts/build-native.mjs');
  const kind = isSanitized ? '--sanitized-tests' : '--tests';
  programs = (await mustRun(process.execPath, [script, kind])).toString('utf8').trim();
  models = { nano: await nanoPath(), wide: join(folder, 'wide-nano.bin') };
  await widenNano(models.nano, models.wide);
  wav = join(folder, 'nano.wav');
  const phrases = (await nanoPhrases(30, 21)).filter(({ language }) => language === 'en');
  await writeWav(wav, packed(phrases, 600));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** As the engine is run: OpenMP's barriers spin for milliseconds otherwise, and two busy cores make minutes of that. */
const env = { ...process.env, GOMP_SPINCOUNT: '1000' };

/** What a test program said, and how it ended; it names what was not true. */
async function run(program: string, args: readonly string[] = []): Promise<string> {
  const { code, stdout, stderr } = await runCommand(join(programs, program), [...args], { cwd: folder, env });
  return `${stdout}${stderr}${program}: exit code ${code}`;
}

const fastBackendIsHere = async () => !/skipped/.test(await run('kernels_test'));

describe('the fast kernels', () => {
  it('compute what plain loops compute', async () => {
    expect(await run('kernels_test')).toMatch(/kernels_test: (ok|skipped, no AVX2)\nkernels_test: exit code 0$/);
  });
});

describe('the choice of tokens', () => {
  it('is what plain loops choose', async () => {
    expect(await run('sampling_test')).toMatch(/sampling_test: ok\nsampling_test: exit code 0$/);
  });
});

describe('expected phrases', () => {
  it('are found as plain loops find them, and change nothing where nobody says them', async () => {
    expect(await run('phrases_test')).toMatch(/phrases_test: ok\nphrases_test: exit code 0$/);
  });
});

describe('the speech detector', () => {
  it('says what plain loops say, of a recording in pieces of any size', async () => {
    expect(await run('silero_test')).toMatch(/silero_test: ok\nsilero_test: exit code 0$/);
  });
});

describe('the networks that tell speakers apart', () => {
  it('say what plain loops say, whatever is computed beside', async () => {
    expect(await run('speakers_test')).toMatch(/speakers_test: ok\nspeakers_test: exit code 0$/);
  });
});

describe.each(BACKENDS)('the engine over sotto-nano, $backend backend', ({ backend, model }) => {
  let common: string[];
  let isHere: boolean;

  beforeAll(async () => {
    isHere = backend === 'portable' || (await fastBackendIsHere());
    const chosen = isHere ? backend : 'portable';
    common = [`--model=${models[model]}`, `--wav=${wav}`, '--language=en', '--threads=2', `--backend=${chosen}`];
  });

  it.each([
    { hears: '30 s', tail: [] },
    { hears: 'little more than the speech', tail: ['--tail=2000'] },
  ])("gives whisper.cpp's tokens, times and confidences where the encoder hears $hears", async ({ tail }) => {
    const said = await run('compare_upstream', [...common, ...tail, '--increment=0', '--seconds=12', '--overlap=1']);
    expect(said).toMatch(/backend: (\d+) of \1 windows equal(.|\n)*exit code 0$/);
    expect(said).toContain(`${isHere ? backend : 'portable'} backend: `);
  });

  it('holds at its edges', async () => {
    expect(await run('engine_test', [...common, '--increment=0', '--slots=3'])).toMatch(/exit code 0$/);
  });

  it('gives windows of mixed options in one batch, some aborted, what each gives alone', async () => {
    const said = await run('mixed_windows', [...common, `--count=${WINDOWS}`, '--slots=8']);
    expect(said).toMatch(/backend: \d+ windows, [1-9]\d* cancelled, 0 differ, (.|\n)*exit code 0$/);
    expect(said).toContain(`backend: ${WINDOWS} windows`);
  });
});
