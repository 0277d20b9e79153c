import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { chaos } from './chaos.ts';
import { FAULTS } from './faults.ts';
import { flawsOf, reportOf } from './report.ts';

const { values } = parseArgs({
  options: {
    recordings: { type: 'string', default: '40' },
    texts: { type: 'string', default: '20' },
    jobs: { type: 'string', default: '300' },
    seconds: { type: 'string', default: '300' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    faults: { type: 'string', default: '' },
    out: { type: 'string' },
  },
});

const wanted = values.faults === '' ? null : values.faults.split(',');
const report = await chaos({
  jobs: Number(values.jobs),
  materials: { recordings: Number(values.recordings), texts: Number(values.texts) },
  seed: Number(values.seed),
  sendingMs: Number(values.seconds) * 1000,
  longestPauseMs: 4000,
  faults: FAULTS.filter(({ name }) => wanted === null || wanted.some((part) => name.includes(part))),
  apis: 2,
  workers: 2,
  say: (line) => process.stderr.write(`${line}\n`),
});
process.stdout.write(`${reportOf(report)}\n`);
if (values.out !== undefined) await writeFile(values.out, `${reportOf(report)}\n`);
process.exitCode = flawsOf(report).length === 0 ? 0 : 1;
