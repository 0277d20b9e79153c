import { type DiarizationErrors, diarizationErrors, errorRate } from '@sotto/speakers';
import { SpeakerNetworks } from '@sotto/whisper';
import type { BenchOptions } from '../options.ts';
import { requireSpeakerModel } from '../resources.ts';
import { type Material, type Spoken, speakerMaterial } from '../speakers/material.ts';
import { addedErrors, outcomeOf, SAMPLE_RATE, THREADS } from '../speakers/outcome.ts';
import { type SherpaOptions, sherpaDiarization } from '../speakers/sherpa.ts';
import { percent, type Report, ratio } from '../table.ts';

/** Every how manieth recording of each set is taken. */
const EVERY: Record<string, number> = {
  'given conversations': 4,
  'AMI, far field': 2,
  'real conversations': 1,
  'built conversations': 24,
  'built pieces': 19,
};
/** The first is sherpa-onnx's own. */
const THRESHOLDS = [0.5, 0.9];
const COLUMNS = ['recordings', 'who', 'DER', 'missed', 'false', 'confused', 'count right', 'real time'];

/** Ours beside sherpa-onnx with the same weights, on some of the recordings. */
export async function speakersSherpa({ isSmall, sherpa }: BenchOptions): Promise<Report> {
  if (sherpa === null) throw new Error('This suite needs --sherpa FOLDER, made by bench/python/sherpa_speakers.py.');
  const material = (await speakerMaterial(isSmall)) ?? [];
  const networks = SpeakerNetworks.load(await requireSpeakerModel());
  const rows: string[][] = [];
  for (const set of material) rows.push(...(await rowsOf(set, networks, sherpa)));
  return {
    title: 'Speakers, beside sherpa-onnx',
    method: `The same weights, ${THREADS} threads, one after the other on each recording; some recordings of each set in "Speakers". sherpa-onnx finds the number of speakers by a threshold: the distance from which on clusters stay apart.`,
    columns: COLUMNS,
    rows,
  };
}

interface Told {
  errors: DiarizationErrors;
  seconds: number;
  tookSeconds: number;
}

async function rowsOf({ name, recordings }: Material, networks: SpeakerNetworks, folder: string): Promise<string[][]> {
  const taken = recordings.filter((_, at) => at % (EVERY[name] ?? 1) === 0);
  const told: Record<string, Told[]> = {};
  const keep = (who: string, one: Told) => {
    told[who] = [...(told[who] ?? []), one];
    // Takes long: what is known is on stderr.
    process.stderr.write(`    ${who}: ${percent(errorRate(one.errors))}, ${one.errors.foundSpeakers} speakers\n`);
  };
  for (const recording of taken) {
    process.stderr.write(`  ${recording.name}\n`);
    const { found, given, seconds, tookSeconds } = await outcomeOf(recording, networks);
    keep('Sotto', { errors: found, seconds, tookSeconds });
    for (const threshold of THRESHOLDS) {
      keep(`sherpa-onnx at ${threshold}`, bySherpa(recording, folder, { threads: THREADS, count: null, threshold }));
    }
    keep('Sotto, number given', { errors: given, seconds, tookSeconds });
    const count = new Set(recording.truth.map(({ speaker }) => speaker)).size;
    const options = { threads: THREADS, count, threshold: THRESHOLDS[0] ?? 0 };
    keep('sherpa-onnx, number given', bySherpa(recording, folder, options));
  }
  return Object.entries(told).map(([who, all]) => {
    const errors = addedErrors(all.map((each) => each.errors));
    const right = all.filter((each) => each.errors.trueSpeakers === each.errors.foundSpeakers).length;
    const sum = (of: (each: Told) => number) => all.reduce((total, each) => total + of(each), 0);
    return [
      name,
      who,
      percent(errorRate(errors)),
      ...[errors.missed, errors.falseAlarm, errors.confusion].map((seconds) => percent(seconds / errors.total)),
      `${right} of ${all.length}`,
      ratio(sum(({ seconds }) => seconds) / sum(({ tookSeconds }) => tookSeconds)),
    ];
  });
}

function bySherpa({ samples, truth }: Spoken, folder: string, options: SherpaOptions): Told {
  const seconds = samples.length / SAMPLE_RATE;
  const diarization = sherpaDiarization(folder, options);
  const floats = Float32Array.from(samples, (value) => value / 32_768);
  const startedMs = performance.now();
  const turns = diarization.process(floats);
  const tookSeconds = (performance.now() - startedMs) / 1000;
  return { errors: diarizationErrors(truth, turns, seconds), seconds, tookSeconds };
}
