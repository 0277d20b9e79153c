import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWith, mustRun, temporaryFolder, whisperCli, writeWav } from '@sotto/testkit';
import { WhisperModel } from '../src/index.ts';
import { nanoPath, nanoPhrases, packed, type SpokenUtterance, textOf } from './engine-fixtures.ts';

/** whisper-cli without flash attention: its flash attention looks at 36 frames that do not exist. */
async function cliText(cli: string, model: string, wav: string, language: string, beamSize: number): Promise<string> {
  const out = wav.replace('.wav', `-${beamSize}`);
  const switches = ['-nfa', '-np', '-oj', '-t', '1', '-bs', String(beamSize), '-l', language];
  await mustRun(cli, ['-m', model, '-f', wav, '-of', out, ...switches]);
  const { transcription } = JSON.parse(await readFile(`${out}.json`, 'utf8')) as { transcription: { text: string }[] };
  return transcription
    .map(({ text }) => text)
    .join('')
    .trim();
}

const cli = await whisperCli();

describeWith(cli, 'the text of a window', (whisperCliPath) => {
  let nano: string;
  let folder: string;
  let model: WhisperModel;
  let phrases: SpokenUtterance[];

  beforeAll(async () => {
    nano = await nanoPath();
    folder = await temporaryFolder('engine-text');
    model = await WhisperModel.load(nano, { device: 'cpu', slots: 1, threads: 1 });
    phrases = await nanoPhrases(30, 21);
  });

  afterAll(async () => {
    await model.close();
    await rm(folder, { recursive: true });
  });

  it.each(['en', 'es', 'de'] as const)(
    'is what stock whisper-cli writes, greedy and with beams: %s',
    async (language) => {
      const spoken = phrases.filter((phrase) => phrase.language === language);
      const windows = [spoken.slice(0, 1), spoken.slice(1, 4), spoken.slice(4, 9)];
      for (const [index, window] of windows.entries()) {
        const pcm = packed(window, 600).subarray(0, 30 * 16_000);
        const wav = join(folder, `${language}-${index}.wav`);
        await writeWav(wav, pcm);
        for (const beamSize of [1, 5]) {
          const ours = textOf(await model.transcribe(pcm, { language, beamSize }));
          expect({ beamSize, text: ours }).toEqual({
            beamSize,
            text: await cliText(whisperCliPath, nano, wav, language, beamSize),
          });
          expect(ours.split(' ').length).toBeGreaterThan(2);
        }
      }
    },
  );
});
