import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WireVerboseTranscript } from '@sotto/contracts';
import { wireVerboseTranscriptSchema } from '@sotto/contracts';
import { mappedSpeakers, type NamedTurn } from '@sotto/speakers';
import { encodeWav, linkModel, Service, temporaryFolder } from '@sotto/testkit';
import type { BenchOptions } from '../options.ts';
import { post } from '../requests.ts';
import { requireBase, requireSpeakerModel, requireTinyEn } from '../resources.ts';
import { type Spoken, speakerMaterial } from '../speakers/material.ts';
import { percent, type Report } from '../table.ts';

const COLUMNS = ['recordings', 'model', 'words', 'said by somebody', 'right speaker'];
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
        rows.push([name, model, ...(await shares(taken, service))]);
      }
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
      'without a speaker are wrong. What the words are is not looked at: the true text of these readings is not at hand.',
    ].join(' '),
    columns: COLUMNS,
    rows,
  };
}

async function shares(recordings: readonly Spoken[], service: Service): Promise<string[]> {
  const sum = { words: 0, said: 0, right: 0 };
  for (const { name, samples, truth } of recordings) {
    process.stderr.write(`  ${name}\n`);
    // The bodies of requests are kept by their path.
    const path = join(service.folder, `${name.replace(/\W+/g, '-')}.wav`);
    await writeFile(path, encodeWav(samples));
    const fields = { diarize: 'true', response_format: 'verbose_json' };
    const transcript = wireVerboseTranscriptSchema.parse(await post(`${service.url}/transcribe`, path, fields));
    const counted = rightWords(transcript, truth);
    sum.words += transcript.words.length;
    sum.said += counted.said;
    sum.right += counted.right;
  }
  return [String(sum.words), String(sum.said), percent(sum.right / sum.said)];
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
