/**
 * `pnpm --filter @sotto/web bench [RUNS]`: what the page weighs, how soon it is there, and how it behaves with long
 * transcripts. API, library and recordings are real; only what is said was made up. On a quiet machine, or with
 * `nice -n -15`: two processors and a busy neighbour make every task long.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { REPOSITORY, temporaryFolder } from '@sotto/testkit';
import type { Browser } from 'playwright-core';
import { installedChromium, openBrowser, Visitor } from '../support/browser.ts';
import { startWithLibrary } from '../support/library.ts';
import { keepLongItem } from './long-item.ts';
import { type Figures, useReader } from './reader.ts';

const LENGTHS_HOURS = [1 / 6, 3];

const chromium = installedChromium();
if ('skipped' in chromium) throw new Error(`No figures: ${chromium.skipped}.`);
const runs = Number(process.argv[2] ?? 5);
const folder = await temporaryFolder('bench');
const service = await startWithLibrary(folder);
const browser = await openBrowser(chromium.value);
try {
  const paints = await repeated(() => paint(browser));
  const rows: string[][] = [
    ['loaded before the editor, gzipped', `${median(paints.map(({ kilobytes }) => kilobytes))} kB`, ''],
    ['first paint of the first page', `${Math.round(median(paints.map(({ paintMs }) => paintMs)))} ms`, ''],
  ];
  const columns: Record<string, string>[] = [];
  for (const hours of LENGTHS_HOURS) {
    const { id, words } = await keepLongItem(service.url, hours, folder);
    columns.push({ words: String(words), ...medians(await repeated(() => useReader(browser, service, id))) });
  }
  for (const name of Object.keys(columns[0] ?? {})) rows.push([name, ...columns.map((figures) => figures[name] ?? '')]);
  process.stdout.write('| what | 10 min | 3 h |\n| --- | --- | --- |\n');
  process.stdout.write(`${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`);
} finally {
  await browser.close();
  await service.close({ leftovers: true });
  await rm(folder, { recursive: true, force: true });
}

async function repeated<T>(measure: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let run = 0; run < runs; run += 1) results.push(await measure());
  return results;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Of tasks: what they worked, and what they took. */
function medians(measured: readonly Figures[]): Record<string, string> {
  const [first = {}] = measured;
  return Object.fromEntries(
    Object.entries(first).map(([name, { values, unit }]) => {
      const each = values.map((_, at) => Math.round(median(measured.map((figures) => figures[name]?.values[at] ?? 0))));
      return [name, `${each.join(' / ')}${unit}`];
    }),
  );
}

/** What goes over the wire until the first page is there, and when it is painted. */
async function paint(of: Browser): Promise<{ kilobytes: number; paintMs: number }> {
  const visitor = await Visitor.of(of, service);
  const loaded: string[] = [];
  visitor.page.on('requestfinished', (request) => loaded.push(new URL(request.url()).pathname));
  const page = await visitor.open('/transcribe');
  await page.waitForLoadState('networkidle');
  const paintMs = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0);
  await visitor.close();
  const bytes = loaded.filter((path) => path.startsWith('/app/')).map(sizeOf);
  return { kilobytes: Math.round(bytes.reduce((sum, size) => sum + size, 0) / 1000), paintMs };
}

function sizeOf(path: string): number {
  const dist = join(REPOSITORY, 'apps/web/dist');
  const known = path.startsWith('/app/assets/') && readdirSync(join(dist, 'assets')).includes(path.slice(12));
  const file = known ? join(dist, path.slice(5)) : join(dist, 'index.html');
  return /\.(woff2|png)$/.test(file) ? readFileSync(file).length : gzipSync(readFileSync(file)).length;
}
