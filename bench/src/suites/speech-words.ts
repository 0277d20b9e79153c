import { join } from 'node:path';
import { cacheFolder, type SpokenWord, shareWithin, startErrors } from '@sotto/testkit';
import { afterPauses, installVoices, openEngines, VOICES_CATALOG } from '@sotto/voices';
import { SAMPLE_RATE, WhisperModel, type WindowTranscript } from '@sotto/whisper';
import type { BenchOptions } from '../options.ts';
import { requireBase, requireTinyEn } from '../resources.ts';
import { espeakSentences, joinedSentences, type TimedSentence } from '../speech/word-truth.ts';
import { median } from '../statistics.ts';
import { ms, percent, type Report } from '../table.ts';

const LIMITS_MS = [100, 200];
/** As the service has it. */
const TAIL_MS = 1_000;
const JOINED = ['espeak', 'joe', 'af_heart', 'bm_george'];

/** When the words of a spoken text are said to begin, against when they do. */
export async function speechWords({ isSmall }: BenchOptions): Promise<Report> {
  const count = isSmall ? 4 : 32;
  const sentences: [string, TimedSentence[]][] = [['espeak-ng, its own word events', await espeakSentences(count)]];
  const dir = await cacheFolder('voices');
  for (const { name } of VOICES_CATALOG) await installVoices(name, dir);
  const engines = await openEngines({ dir });
  for (const asked of JOINED) {
    process.stderr.write(`  ${asked}\n`);
    const { engine, voice, language } = engines.resolve({ voice: asked, language: 'en' });
    sentences.push([
      `${engine}, ${voice}, joined`,
      await joinedSentences(engines.engine(engine), { voice, language }, count),
    ]);
  }
  await engines.close();
  const rows: string[][] = [];
  for (const [name, path] of [
    ['tiny.en', join(await requireTinyEn(), 'ggml-tiny.en.bin')],
    ['base', join(await requireBase(), 'ggml-base.bin')],
  ] as const) {
    const model = await WhisperModel.load(path, { device: 'cpu', slots: 1, threads: 2, backend: 'auto' });
    for (const [voice, spoken] of sentences) rows.push([voice, name, ...(await figures(model, spoken))]);
    await model.close();
  }
  return {
    title: 'Words of a spoken text',
    method: `${count} sentences; the model is told the text and finds it in the sound. espeak-ng says when each word of its connected speech begins (four voices, three speeds). The other voices do not: there, three words at a time are spoken and laid one after the other without a pause, and the first word of each group counts, which begins where its sound does.`,
    columns: ['voice', 'model', ...LIMITS_MS.map((limit) => `within ${limit} ms`), 'median error', 'words'],
    rows,
  };
}

async function figures(model: WhisperModel, sentences: readonly TimedSentence[]): Promise<string[]> {
  const errors: number[] = [];
  for (const { text, samples, words } of sentences) {
    const heard = await model.transcribe(samples, { language: 'en', given: text, tailMs: TAIL_MS });
    errors.push(...startErrors(words, afterPauses(wordsOf(heard), samples, SAMPLE_RATE)));
  }
  const known = sentences.reduce((sum, { words }) => sum + words.length, 0);
  return [
    ...LIMITS_MS.map((limit) => percent(shareWithin(errors, limit))),
    ms(median(errors.map(Math.abs))),
    `${errors.length} of ${known}`,
  ];
}

/** A token that begins with a blank begins a word. */
function wordsOf({ segments }: WindowTranscript): (SpokenWord & { endMs: number })[] {
  const words: { bytes: Uint8Array[]; startMs: number; endMs: number }[] = [];
  for (const [index, { bytes, startMs, endMs }] of segments.flatMap(({ tokens }) => tokens).entries()) {
    const open = words.at(-1);
    if (open === undefined || index === 0 || bytes[0] === 0x20) words.push({ bytes: [bytes], startMs, endMs });
    else {
      open.bytes.push(bytes);
      open.endMs = endMs;
    }
  }
  return words.map(({ bytes, ...times }) => ({ word: Buffer.concat(bytes).toString('utf8').trim(), ...times }));
}
