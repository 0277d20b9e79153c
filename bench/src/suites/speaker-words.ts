import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WireVerboseTranscript } from '@sotto/contracts';
import { wireVerboseTranscriptSchema } from '@sotto/contracts';
import { mappedSpeakers, type NamedTurn } from '@sotto/speakers';
import { encodeWav, linkModel, Service, temporaryFolder, wordErrors } from '@sotto/testkit';
import type { BenchOptions } from '../options.ts';
import { post } from '../requests.ts';
import { requireBase, requireSpeakerModel, requireTinyEn } from '../resources.ts';
import { cpWordErrors } from '../speakers/cp-word-errors.ts';
import { type Saying, type Spoken, speakerMaterial } from '../speakers/material.ts';
import { syntheticConversation } from '../speakers/synthetic.ts';
import { percent, type Report } from '../table.ts';

const COLUMNS = ['recordings', 'model', 'words', 'said by somebody', 'right speaker', 'WER', 'cpWER'];
const MODELS = { 'tiny.en': requireTinyEn, base: requireBase };
/** Sets of material, and every how manieth recording of each is taken. */
const SETS: Record<string, number> = { 'given conversations': 1, 'built conversations': 3 };

/** Whether words have the right speaker: all of the way, through a service. */
export async function speakerWords({ isSmall }: BenchOptions): Promise<Report> {
  const title = 'Words and their speakers';
  const material = await speakerMaterial(isSmall);
  if (material === null) {
    return {
      title,
      method: 'Skipped: there are no recordings with truth beside this checkout.',
      columns: COLUMNS,
      rows: [],
    };
  }
  const rows: string[][] = [];
  for (const [model, modelDir] of Object.entries(MODELS)) {
    const folder = await temporaryFolder('bench-models');
    await linkModel(join(await modelDir(), `ggml-${model}.bin`), folder);
    await linkModel(await requireSpeakerModel(), folder);
    const service = await Service.start({ model, modelDir: folder });
    try {
      for (const { name, recordings } of material) {
        const every = SETS[name];
        if (every === undefined) continue;
        const taken = recordings.filter((_, at) => at % every === 0);
        rows.push([name, model, ...(await figures(taken, service))]);
      }
      rows.push(['synthetic voices', model, ...(await figures(await synthetic(isSmall), service))]);
    } finally {
      await service.close({ leftovers: true });
      await rm(folder, { recursive: true });
    }
  }
  return {
    title,
    method: [
      'Recordings as in "Speakers", every third of the built ones, sent with `diarize=true`. A word is right if its speaker, under the best',
      'one-to-one mapping of speakers, speaks at its middle by the truth; words at whose middle nobody speaks by the truth are not counted, those',
      'without a speaker are wrong. Word errors are those of all words in order (WER), and of each speaker put together (cpWER). The text of the',
      'given conversations is a recognizer\u2019s, with mistakes of its own, and people talk at once in them, so only the difference says something;',
      'that of the synthetic ones, two voices of espeak-ng in turn, is true. The built ones have none.',
    ].join(' '),
    columns: COLUMNS,
    rows,
  };
}

async function synthetic(isSmall: boolean): Promise<Spoken[]> {
  const conversations = await Promise.all((isSmall ? [1] : [1, 2, 3, 4, 5]).map(syntheticConversation));
  return conversations.map((conversation) => ({ ...conversation, said: conversation.truth }));
}

async function transcriptOf(
  { name, samples }: Pick<Spoken, 'name' | 'samples'>,
  service: Service,
): Promise<WireVerboseTranscript> {
  process.stderr.write(`  ${name}\n`);
  // The bodies of requests are kept by their path.
  const path = join(service.folder, `${name.replace(/\W+/g, '-')}.wav`);
  await writeFile(path, encodeWav(samples));
  const fields = { diarize: 'true', response_format: 'verbose_json' };
  return wireVerboseTranscriptSchema.parse(await post(`${service.url}/transcribe`, path, fields));
}

async function figures(recordings: readonly Spoken[], service: Service): Promise<string[]> {
  const sum = { words: 0, said: 0, right: 0, reference: 0, errors: 0, cpErrors: 0 };
  for (const recording of recordings) {
    const transcript = await transcriptOf(recording, service);
    const counted = rightWords(transcript, recording.truth);
    sum.words += transcript.words.length;
    sum.said += counted.said;
    sum.right += counted.right;
    if (recording.said === undefined) continue;
    const plain = wordErrors(recording.said.map(({ text }) => text).join(' '), transcript.text);
    const own = cpWordErrors(
      textBySpeaker(recording.said),
      textBySpeaker(transcript.words.map(({ word, speaker }) => ({ text: word, speaker: speaker ?? '' }))),
    );
    sum.reference += plain.words;
    sum.errors += plain.errors;
    sum.cpErrors += own.errors;
  }
  const { words, said, right, reference, errors, cpErrors } = sum;
  const rates = [errors, cpErrors].map((count) => (reference === 0 ? '' : percent(count / reference)));
  return [String(words), String(said), percent(right / said), ...rates];
}

function textBySpeaker(parts: readonly Saying[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { speaker, text } of parts) texts.set(speaker, `${texts.get(speaker) ?? ''} ${text}`);
  return texts;
}

function rightWords({ words, turns = [] }: WireVerboseTranscript, truth: readonly NamedTurn[]) {
  const trueNames = mappedSpeakers(truth, turns);
  let [said, right] = [0, 0];
  for (const { start, end, speaker } of words) {
    const middle = (start + end) / 2;
    const speaking = truth.filter((turn) => turn.start <= middle && middle < turn.end);
    if (speaking.length === 0) continue;
    said += 1;
    const name = trueNames.get(speaker ?? '');
    if (speaking.some((turn) => turn.speaker === name)) right += 1;
  }
  return { said, right };
}
