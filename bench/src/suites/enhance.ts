import { join } from 'node:path';
import { baseModelDir, SAMPLE_RATE, Service, temporaryFolder, wordErrors, writeWav } from '@sotto/testkit';
import { NOISES } from '../noisy/noises.ts';
import { joined, louder, mix, type Sound, soundDb, toSamples } from '../noisy/sound.ts';
import { SPEECH_DB, type Speech, speech } from '../noisy/speech.ts';
import type { BenchOptions } from '../options.ts';
import { load, post } from '../requests.ts';
import { requireTinyEn } from '../resources.ts';
import { percent, type Report } from '../table.ts';

const SNRS_DB = [20, 10, 5, 0];
const CHOICES = ['off', 'denoise', 'level', 'auto'] as const;
type Choice = (typeof CHOICES)[number];
/** As many recordings are sent at once. */
const CLIENTS = 4;

/** One way in which the same speech is recorded. */
interface Condition {
  name: string;
  path: string;
  /** What may help, beside `auto`. */
  choices: readonly Choice[];
}

interface Answer {
  text: string;
  warnings: { code: string; detail: string }[];
}

/** Word errors in noise, and of recordings with a wrong level, by what is done to the sound: upload to transcript. */
export async function enhance({ isSmall }: BenchOptions): Promise<Report> {
  const folder = await temporaryFolder('bench-enhance');
  const said = await speech(folder);
  const conditions = await conditionsOf(said, folder, isSmall ? SNRS_DB.slice(-1) : SNRS_DB);
  const base = await baseModelDir();
  const models: [string, string][] = [['tiny.en', await requireTinyEn()]];
  if ('value' in base && !isSmall) models.push(['base', base.value]);
  const rows: string[][] = [];
  for (const [model, modelDir] of models) rows.push(...(await rowsOf(model, modelDir, conditions, said.text)));
  const seconds = said.sounds.reduce((sum, { length }) => sum + length, 0) / SAMPLE_RATE;
  return {
    title: 'Noise and level, with and without `enhance`',
    method: [
      `${seconds.toFixed(0)} s (${said.what}), ${wordErrors(said.text, '').words} words, all speech at ${SPEECH_DB} dBFS before noise was added.`,
      'Word errors of whole transcripts, upload to text, greedy, `language=en`; denoise and level only where they may help; where `auto` does what another choice does, the figure is that one.',
      'skipped' in base ? base.skipped : '',
    ].join(' '),
    columns: ['model', 'recording', ...CHOICES, 'auto did'],
    rows,
  };
}

async function conditionsOf({ sounds }: Speech, folder: string, snrsDb: readonly number[]): Promise<Condition[]> {
  const clean = joined(sounds);
  const made: [string, readonly Choice[], Sound][] = [['as it is', ['denoise', 'level'], clean]];
  for (const [name, make] of Object.entries(NOISES)) {
    const noise = await make(clean.length / SAMPLE_RATE, folder);
    for (const snrDb of snrsDb) {
      const noisy = mix(clean, louder(noise, SPEECH_DB - snrDb - soundDb(noise)));
      made.push([`${name}, ${snrDb} dB`, ['denoise'], noisy]);
    }
  }
  const shifted = louder(clean, -60 - SPEECH_DB).map((sample) => sample + 0.1);
  const uneven = joined(sounds.map((sound, at) => (at % 2 === 0 ? sound : louder(sound, -30))));
  made.push(
    ['very quiet (-70 dBFS)', ['level'], louder(clean, -70 - SPEECH_DB)],
    ['quiet (-60 dBFS), with an offset of 0.1', ['level'], shifted],
    ['every other speaker 30 dB quieter', ['level'], uneven],
  );
  return Promise.all(
    made.map(async ([name, choices, sound], at) => {
      const path = join(folder, `condition-${at}.wav`);
      await writeWav(path, toSamples(sound));
      return { name, path, choices };
    }),
  );
}

async function rowsOf(
  model: string,
  modelDir: string,
  conditions: readonly Condition[],
  text: string,
): Promise<string[][]> {
  const service = await Service.start({ model, modelDir });
  const rows: string[][] = [];
  try {
    await load(CLIENTS, conditions.length, async (index) => {
      const condition = conditions[index];
      if (condition === undefined) return;
      const answers = await answersOf(service.url, condition);
      const cells = CHOICES.map((choice) => rateOf(text, answers.get(choice)));
      rows[index] = [model, condition.name, ...cells, didOf(answers.get('auto')).join(', ') || 'nothing'];
      process.stderr.write(`  ${rows[index]?.join(' | ')}\n`);
    });
  } finally {
    await service.close({ leftovers: true });
  }
  return rows;
}

/** Where `auto` does the same as another choice, the samples are the same, and so is the answer. */
async function answersOf(url: string, { path, choices }: Condition): Promise<Map<Choice, Answer>> {
  const ask = async (enhance: Choice) =>
    (await post(`${url}/transcribe`, path, { language: 'en', beam_size: '1', enhance })) as Answer;
  const auto = await ask('auto');
  const answers = new Map<Choice, Answer>([['auto', auto]]);
  const [did = 'off', more] = didOf(auto);
  if (more === undefined) answers.set(did, auto);
  for (const choice of ['off', ...choices] as const) {
    if (!answers.has(choice)) answers.set(choice, await ask(choice));
  }
  return answers;
}

function rateOf(text: string, answer: Answer | undefined): string {
  if (answer === undefined) return '';
  const { errors, words } = wordErrors(text, answer.text);
  return percent(errors / words);
}

function didOf({ warnings }: Pick<Answer, 'warnings'> = { warnings: [] }): Choice[] {
  const detail = warnings.find(({ code }) => code === 'enhanced')?.detail ?? '';
  return [
    ...(detail.includes('noise was reduced') ? (['denoise'] as const) : []),
    ...(detail.includes('level was evened out') ? (['level'] as const) : []),
  ];
}
