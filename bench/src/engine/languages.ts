import { join } from 'node:path';
import type { LanguageCode } from '@sotto/contracts';
import { baseModelDir, concat, pause, speak } from '@sotto/testkit';
import { WhisperModel } from '@sotto/whisper';
import { median } from '../statistics.ts';
import { ms, percent, type Report } from '../table.ts';
import type { Setting } from './setting.ts';
import { ARTICLE_1 } from './spoken-languages.ts';

/** Variants of each voice; the speeds are words a minute. */
const SPEAKERS = [
  { variant: '', speed: 140 },
  { variant: '+f2', speed: 160 },
  { variant: '+m3', speed: 150 },
];
const LEAD = pause(300);

/** Which language `base` takes speech for: all 99 possible, or only the 20 that are spoken here. */
export async function languages({ threads }: Setting): Promise<Report[]> {
  const folder = await baseModelDir();
  if ('skipped' in folder) throw new Error(folder.skipped);
  const model = await WhisperModel.load(join(folder.value, 'ggml-base.bin'), { threads, device: 'cpu', slots: 1 });
  try {
    return [await matrix(model)];
  } finally {
    await model.close();
  }
}

async function matrix(model: WhisperModel): Promise<Report> {
  const codes = ARTICLE_1.map(({ language }) => language);
  const rows: string[][] = [];
  const tookMs: number[] = [];
  const right = { all: 0, limited: 0, total: 0 };
  for (const { language, voice, sentences } of ARTICLE_1) {
    const found = new Map<string, number>();
    const own = { all: 0, limited: 0, total: 0 };
    for (const { variant, speed } of SPEAKERS) {
      for (const text of [...sentences, sentences.join(' ')]) {
        const { samples } = await speak(text, { voice: voice + variant, speed });
        const startedMs = performance.now();
        const { language: top, probabilities } = await model.detectLanguage(concat(LEAD, samples, LEAD));
        tookMs.push(performance.now() - startedMs);
        found.set(top, (found.get(top) ?? 0) + 1);
        own.total += 1;
        if (top === language) own.all += 1;
        if (likeliestOf(codes, probabilities) === language) own.limited += 1;
      }
    }
    right.all += own.all;
    right.limited += own.limited;
    right.total += own.total;
    const cells = codes.map((code) => String(found.get(code) ?? ''));
    const others = [...found].filter(([code]) => !codes.includes(code as LanguageCode));
    rows.push([language, ...cells, others.map(([code, count]) => `${code} ${count}`).join(', '), `${own.limited}`]);
    process.stderr.write(`  ${language}: ${own.all} of ${own.total}\n`);
  }
  return {
    title: 'Language detection, base',
    method: [
      `Article 1 of the Universal Declaration of Human Rights in ${codes.length} languages, spoken by espeak-ng: each sentence, and both, in three`,
      `voices, 3 to 12 s. A row is the language that is spoken, a column what it was taken for. Right: ${percent(right.all / right.total)} of`,
      `${right.total}; ${percent(right.limited / right.total)} with \`languages\` limited to these ${codes.length} (last column). A detection takes ${ms(median(tookMs))}.`,
    ].join(' '),
    columns: ['', ...codes, 'others', 'limited'],
    rows,
  };
}

function likeliestOf(codes: readonly LanguageCode[], probabilities: Record<string, number>): LanguageCode | undefined {
  return [...codes].sort((a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0))[0];
}
