import { writeFile } from 'node:fs/promises';
import { acceptance } from './suites/acceptance.ts';
import { clients } from './suites/clients.ts';
import { overhead } from './suites/overhead.ts';
import { speed } from './suites/speed.ts';
import { machine, type Report, render } from './table.ts';

const SUITES: Record<string, () => Promise<Report>> = { acceptance, overhead, speed, clients };

/** `pnpm bench [SUITE...] [--out FILE]`: tables on stdout, progress on stderr. */
async function main(args: string[]): Promise<void> {
  const out = args.includes('--out') ? args[args.indexOf('--out') + 1] : undefined;
  const named = args.filter((arg) => arg in SUITES);
  const unknown = args.filter((arg) => !(arg in SUITES) && arg !== '--out' && arg !== out);
  if (unknown.length > 0)
    throw new Error(`No such suite: ${unknown.join(', ')}. There are: ${Object.keys(SUITES).join(', ')}.`);
  const tables = [`Measured ${new Date().toISOString().slice(0, 10)} on ${machine()}\n`];
  for (const [name, suite] of Object.entries(SUITES)) {
    if (named.length > 0 && !named.includes(name)) continue;
    process.stderr.write(`${name}\n`);
    const table = render(await suite());
    process.stdout.write(`${table}\n`);
    tables.push(table);
  }
  if (out !== undefined) await writeFile(out, `${tables.join('\n')}`);
}

await main(process.argv.slice(2));
