import { diarize, errorRate, hearRecording } from '@sotto/speakers';
import { SpeakerNetworks } from '@sotto/whisper';
import type { BenchOptions } from '../options.ts';
import { requireSpeakerModel } from '../resources.ts';
import { knownVoices } from '../speakers/known-voices.ts';
import { type Material, speakerMaterial } from '../speakers/material.ts';
import { addedErrors, type Outcome, outcomeOf, SAMPLE_RATE, speechIn, THREADS } from '../speakers/outcome.ts';
import { percent, type Report, ratio } from '../table.ts';

const LONG_SECONDS = 3 * 3600;
const SAMPLE_SECONDS = [2, 5, 10];
const COLUMNS = [
  'recordings',
  'number found: DER',
  'missed',
  'false',
  'confused',
  'count right',
  'number given: DER',
  'real time',
];

/** Who speaks when: the errors over recordings with truth, the speed on two cores, and the memory that a long recording takes. */
export async function speakers({ isSmall }: BenchOptions): Promise<Report> {
  const title = 'Speakers';
  const material = await speakerMaterial(isSmall);
  if (material === null) {
    return {
      title,
      method: 'Skipped: there are no recordings with truth beside this checkout.',
      columns: COLUMNS,
      rows: [],
    };
  }
  const networks = SpeakerNetworks.load(await requireSpeakerModel());
  const rows: string[][] = [];
  for (const each of material) rows.push(await row(each, networks));
  const long = await longRecording(material, networks, isSmall ? 600 : LONG_SECONDS);
  const readers = material.flatMap(({ recordings }) => recordings).filter(({ name }) => /^talk/.test(name));
  const known = [];
  for (const seconds of SAMPLE_SECONDS) known.push(await knownVoices(readers, networks, seconds));
  const sets = material.map(({ name, what, recordings }) => `${name}: ${recordings.length}, ${what}`).join('; ');
  return {
    title,
    method: `DER with collar 0, overlap scored. ${sets}. Two threads, nothing else at work. ${[long, ...known].join(' ')}`,
    columns: COLUMNS,
    rows,
  };
}

async function row({ name, recordings }: Material, networks: SpeakerNetworks): Promise<string[]> {
  const outcomes: Outcome[] = [];
  for (const recording of recordings) {
    process.stderr.write(`  ${recording.name}\n`);
    outcomes.push(await outcomeOf(recording, networks));
  }
  const found = addedErrors(outcomes.map((each) => each.found));
  const right = outcomes.filter((each) => each.found.trueSpeakers === each.found.foundSpeakers).length;
  const sum = (of: (outcome: Outcome) => number) => outcomes.reduce((total, each) => total + of(each), 0);
  return [
    name,
    percent(errorRate(found)),
    ...[found.missed, found.falseAlarm, found.confusion].map((seconds) => percent(seconds / found.total)),
    `${right} of ${outcomes.length}`,
    percent(errorRate(addedErrors(outcomes.map((each) => each.given)))),
    ratio(sum(({ seconds }) => seconds) / sum(({ tookSeconds }) => tookSeconds)),
  ];
}

/** The longest conversation again and again. */
async function longRecording(
  material: readonly Material[],
  networks: SpeakerNetworks,
  seconds: number,
): Promise<string> {
  const longest = material
    .flatMap(({ recordings }) => recordings)
    .reduce((a, b) => (b.samples.length > a.samples.length ? b : a)).samples;
  const samples = new Int16Array(seconds * SAMPLE_RATE);
  for (let at = 0; at < samples.length; at += longest.length) {
    samples.set(longest.subarray(0, samples.length - at), at);
  }
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 20);
  const startedMs = performance.now();
  const heard = await hearRecording(networks, samples, { threads: THREADS });
  const { voices } = diarize(heard, {}, speechIn(samples));
  clearInterval(watch);
  most = Math.max(most, process.memoryUsage().rss);
  const took = (performance.now() - startedMs) / 1000;
  const megabytes = Math.round((most - before) / 1e6);
  return `A recording of ${seconds / 60} min: ${voices.length} speakers, ${ratio(seconds / took)} real time, up to ${megabytes} MB more than before it.`;
}
