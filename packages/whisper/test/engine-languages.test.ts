/**
 * A multilingual model on real speech: what was said is not written down, so whisper.cpp says what the text must be.
 *
 * @busy Its engine keeps every core busy.
 * @long
 */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import {
  baseModelDir,
  comparableWords,
  describeWith,
  mustRun,
  REPOSITORY,
  readWav,
  realRecordings,
  runCommand,
} from '@sotto/testkit';
import { WhisperModel } from '../src/index.ts';
import { textOf } from './engine-fixtures.ts';

// The test programs are compiled when their sources have changed.
jest.setTimeout(600_000);

const SPOKEN = [
  ['es.wav', 'es'],
  ['ja.wav', 'ja'],
] as const;

const KENNEDY =
  'And so, my fellow Americans, ask not what your country can do for you, ask what you can do for your country.';

describeWith(await baseModelDir(), "OpenAI's base on real speech", (modelDir) => {
  const path = join(modelDir, 'ggml-base.bin');

  describeWith(realRecordings('es.wav', 'ja.wav', 'jfk.wav'), 'in Spanish, Japanese and English', (recordings) => {
    let model: WhisperModel;

    beforeAll(async () => {
      model = await WhisperModel.load(path, { device: 'cpu', slots: 2, threads: 2 });
    });

    afterAll(() => model.close());

    it.each([...SPOKEN, ['jfk.wav', 'en']] as const)('hears what language %s is in', async (file, language) => {
      const pcm = await readWav(join(recordings, file));
      const found = await model.detectLanguage(pcm);
      expect(found.language).toBe(language);
      expect(found.probability).toBeGreaterThan(0.9);
      expect(Object.values(found.probabilities).reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 3);
      expect(await model.transcribe(pcm, {})).toMatchObject({ language, languageProbability: found.probability });
    });

    it('hears Kennedy word for word', async () => {
      const text = textOf(await model.transcribe(await readWav(join(recordings, 'jfk.wav')), { beamSize: 5 }));
      expect(comparableWords(text)).toEqual(comparableWords(KENNEDY));
    });

    it('writes whole characters, though tokens end inside of them', async () => {
      const heard = await model.transcribe(await readWav(join(recordings, 'ja.wav')), {});
      expect(textOf(heard)).toMatch(/^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}、。]+$/u);
      const times = heard.segments.flatMap(({ tokens }) => tokens.flatMap(({ startMs, endMs }) => [startMs, endMs]));
      expect(times.length).toBeGreaterThan(10);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(times[0]).toBeGreaterThanOrEqual(0);
    });

    it('translates to English', async () => {
      const pcm = await readWav(join(recordings, 'es.wav'));
      const [spanish, english] = [await model.transcribe(pcm, {}), await model.transcribe(pcm, { task: 'translate' })];
      expect(english.language).toBe('es');
      const common = (text: string) => text.match(/\b(the|this|is|are|all|and|of|in|by)\b/giu)?.length ?? 0;
      expect(common(textOf(spanish))).toBe(0);
      expect(common(textOf(english))).toBeGreaterThan(3);
    });

    it.each(
      SPOKEN.flatMap(([file, language]) =>
        ['portable', 'auto'].flatMap((backend) =>
          ['0', '1'].map((translate) => ({ file, language, backend, translate })),
        ),
      ),
    )("gives whisper.cpp's tokens: $file, backend $backend, translated $translate", async (given) => {
      const script = join(REPOSITORY, 'packages/whisper/scripts/build-native.mjs');
      const programs = (await mustRun(process.execPath, [script, '--tests'])).toString('utf8').trim();
      const args = [
        `--model=${path}`,
        `--wav=${join(recordings, given.file)}`,
        '--language=auto',
        `--translate=${given.translate}`,
        `--backend=${given.backend}`,
        '--increment=0',
        '--threads=2',
      ];
      const env = { ...process.env, GOMP_SPINCOUNT: '1000' };
      const { stdout, stderr } = await runCommand(join(programs, 'compare_upstream'), args, { cwd: recordings, env });
      expect(`${stdout}${stderr}`).toMatch(/backend: 1 of 1 windows equal/);
    });
  });
});
