import { parseArgs } from 'node:util';
import { histories } from './histories.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '300' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
process.stderr.write(`seed ${values.seed}\n`);
const report = await histories(Number(values.runs), Number(values.seed));
const rows = Object.entries(report).map(([name, value]) => `| ${name} | ${value} |`);
process.stdout.write(`${['| what | |', '|---|---|', ...rows].join('\n')}\n`);
