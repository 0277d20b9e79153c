import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { machine, type Report, render } from '../table.ts';
import { besideBusy } from './busy.ts';
import { compare } from './compare.ts';
import { devices } from './devices.ts';
import { languages } from './languages.ts';
import { memoryBySlots, memoryOverTime } from './memory.ts';
import { names } from './names.ts';
import { namesTime } from './names-time.ts';
import { same } from './same.ts';
import { type Setting, setting } from './setting.ts';
import { batchSizes, loneWindow } from './windows.ts';
import { wordStarts } from './word-starts.ts';

const TABLES: Record<string, (setting: Setting) => Promise<Report | Report[]>> = {
  compare,
  batch: batchSizes,
  lone: loneWindow,
  busy: besideBusy,
  words: wordStarts,
  memory: memoryBySlots,
  'memory-long': memoryOverTime,
  names,
  'names-time': namesTime,
  same,
  devices,
  languages,
};
/** The first takes longer than all others together, the second needs a GPU, and none is about speed alone. */
const ONLY_WHEN_NAMED = ['same', 'devices', 'languages'];

const USAGE = `pnpm bench:engine [${Object.keys(TABLES).join('] [')}] [--rounds 5] [--slow-rounds 1] [--seconds 600]
  [--hours 2] [--from 0] [--backend auto|portable]
  [--split dev|test] [--speech FOLDER] [--out FILE]
Tables on stdout (all of them but ${ONLY_WHEN_NAMED.join(' and ')} when none is named), progress on stderr. With these defaults: some 40 minutes on two quiet cores.`;

/** Our engine beside whisper-cli and faster-whisper: same weights, same audio, same threads. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      'slow-rounds': { type: 'string', default: '1' },
      seconds: { type: 'string', default: '600' },
      hours: { type: 'string', default: '2' },
      from: { type: 'string', default: '0' },
      backend: { type: 'string', default: 'auto' },
      split: { type: 'string', default: 'test' },
      speech: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const unknown = positionals.filter((name) => !(name in TABLES));
  if (unknown.length > 0) throw new Error(`No such table: ${unknown.join(', ')}.\n${USAGE}`);
  const rounds = positive(values.rounds);
  const slowRounds = Math.min(rounds, positive(values['slow-rounds']));
  const shared = await setting({
    rounds,
    slowRounds,
    seconds: positive(values.seconds),
    hours: Number(values.hours),
    fromHours: Number(values.from),
    backend: values.backend === 'portable' ? 'portable' : 'auto',
    split: values.split === 'dev' ? 'dev' : 'test',
    speech: values.speech,
  });
  const parts = [`Measured ${new Date().toISOString().slice(0, 10)} on ${machine()}\n`];
  for (const [name, table] of Object.entries(TABLES)) {
    const isWanted = positionals.length > 0 ? positionals.includes(name) : !ONLY_WHEN_NAMED.includes(name);
    if (!isWanted) continue;
    process.stderr.write(`${name}\n`);
    const text = [await table(shared)].flat().map(render).join('\n');
    process.stdout.write(`${text}\n`);
    parts.push(text);
    // After each table: a run that is cut off leaves what it had.
    if (values.out !== undefined) await writeFile(values.out, parts.join('\n'));
  }
}

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`${text} is not a whole number above 0.\n${USAGE}`);
  return number;
}

await main();
