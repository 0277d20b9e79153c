import { writeFile } from 'node:fs/promises';
import { type BenchOptions, readOptions } from './options.ts';
import { acceptance } from './suites/acceptance.ts';
import { clients } from './suites/clients.ts';
import { compare } from './suites/compare.ts';
import { enhance } from './suites/enhance.ts';
import { fairness } from './suites/fairness.ts';
import { fanOut } from './suites/fan-out.ts';
import { library } from './suites/library.ts';
import { listeners } from './suites/listeners.ts';
import { live } from './suites/live.ts';
import { liveFlood } from './suites/live-flood.ts';
import { liveKills } from './suites/live-kills.ts';
import { livePeer } from './suites/live-peer.ts';
import { liveSoak } from './suites/live-soak.ts';
import { manyJobs } from './suites/many-jobs.ts';
import { overhead } from './suites/overhead.ts';
import { results } from './suites/results.ts';
import { soak } from './suites/soak.ts';
import { speakerWords } from './suites/speaker-words.ts';
import { speakers } from './suites/speakers.ts';
import { speakersSherpa } from './suites/speakers-sherpa.ts';
import { speech } from './suites/speech.ts';
import { speechBook } from './suites/speech-book.ts';
import { speechService } from './suites/speech-service.ts';
import { speechWords } from './suites/speech-words.ts';
import { speed } from './suites/speed.ts';
import { webhooks } from './suites/webhooks.ts';
import { machine, type Report, render } from './table.ts';

const SUITES: Record<string, (options: BenchOptions) => Promise<Report>> = {
  acceptance,
  overhead,
  speed,
  clients,
  listeners,
  live,
  'live-flood': liveFlood,
  'live-kills': liveKills,
  'live-peer': livePeer,
  'live-soak': liveSoak,
  webhooks,
  fairness,
  'fan-out': fanOut,
  'many-jobs': manyJobs,
  soak,
  enhance,
  results,
  library,
  speakers,
  'speaker-words': speakerWords,
  'speakers-sherpa': speakersSherpa,
  speech,
  'speech-service': speechService,
  'speech-book': speechBook,
  'speech-words': speechWords,
  compare,
};

/** `pnpm bench [SUITE...] [--small] [--against DIR] [--sherpa DIR] [--minutes N] [--pages N] [--out FILE]`: tables on stdout, progress on stderr. */
async function main(args: string[]): Promise<void> {
  const { suites, out, ...options } = readOptions(args, Object.keys(SUITES));
  const tables = [`Measured ${new Date().toISOString().slice(0, 10)} on ${machine()}\n`];
  for (const [name, suite] of Object.entries(SUITES)) {
    const isWanted = suites.length > 0 ? suites.includes(name) : isOneOfAll(name, options);
    if (!isWanted) continue;
    process.stderr.write(`${name}\n`);
    const table = render(await suite(options));
    process.stdout.write(`${table}\n`);
    tables.push(table);
  }
  if (out !== null) await writeFile(out, `${tables.join('\n')}`);
}

/** The long ones run only when they are named. */
const ONLY_NAMED = [
  'live',
  'live-flood',
  'live-kills',
  'live-peer',
  'live-soak',
  'many-jobs',
  'soak',
  'library',
  'enhance',
  'speakers',
  'speaker-words',
  'speakers-sherpa',
  'speech',
  'speech-service',
  'speech-book',
  'speech-words',
];

function isOneOfAll(name: string, { against }: BenchOptions): boolean {
  return name === 'compare' ? against !== null : !ONLY_NAMED.includes(name);
}

await main(process.argv.slice(2));
