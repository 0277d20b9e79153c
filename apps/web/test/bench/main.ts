/**
 * `pnpm --filter @sotto/web bench [HOURS]`: what the page weighs, how soon it is there, and how it behaves with a long
 * transcript. The API is real; the transcript is made up and put in its answers.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { longTranscript, REPOSITORY, startService } from '@sotto/testkit';
import { toWireEdited, unedited } from '@sotto/transcript';
import type { Browser, Page, Route } from 'playwright-core';
import { installedChromium, openBrowser, Visitor } from '../support/browser.ts';

const ITEM = '0b8a6a3e-6c56-4a39-9d0c-2f1d6d6f1a11';
const SCROLLS = 40;

const chromium = installedChromium();
if ('skipped' in chromium) throw new Error(`No figures: ${chromium.skipped}.`);
const hours = Number(process.argv[2] ?? 3);
const service = await startService({ workers: 0 });
const browser = await openBrowser(chromium.value);
try {
  const rows = [...(await paint(browser)), ...(await long(browser))];
  process.stdout.write(`${rows.map(([what, value]) => `| ${what} | ${value} |`).join('\n')}\n`);
} finally {
  await browser.close();
  await service.close({ leftovers: true });
}

/** Bytes over the wire until the first page is there, and when it is painted. */
async function paint(of: Browser): Promise<[string, string][]> {
  const visitor = await Visitor.of(of, service);
  const loaded: string[] = [];
  visitor.page.on('requestfinished', (request) => loaded.push(new URL(request.url()).pathname));
  const page = await visitor.open('/transcribe');
  const painted = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0);
  await visitor.close();
  const bytes = loaded.filter((path) => path.startsWith('/app/')).map(sizeOf);
  return [
    ['loaded before the editor, gzipped', `${Math.round(bytes.reduce((sum, size) => sum + size, 0) / 1000)} kB`],
    ['first paint on localhost', `${Math.round(painted)} ms`],
  ];
}

function sizeOf(path: string): number {
  const dist = join(REPOSITORY, 'apps/web/dist');
  const known = path.startsWith('/app/assets/') && readdirSync(join(dist, 'assets')).includes(path.slice(12));
  const file = known ? join(dist, path.slice(5)) : join(dist, 'index.html');
  return /\.(woff2|png)$/.test(file) ? readFileSync(file).length : gzipSync(readFileSync(file)).length;
}

async function long(of: Browser): Promise<[string, string][]> {
  const transcript = longTranscript(hours);
  const visitor = await Visitor.of(of, service);
  const json = (body: unknown) => (route: Route) => route.fulfill({ json: body });
  await visitor.page.route(`${service.url}/library/${ITEM}`, json(itemOf(transcript.durationMs)));
  await visitor.page.route(`${service.url}/library/${ITEM}/edits*`, json({ revision: 0, edits: [] }));
  await visitor.page.route(
    `${service.url}/library/${ITEM}/transcript*`,
    json(toWireEdited(unedited(transcript), transcript)),
  );
  await visitor.page.addInitScript(observe);
  const page = await visitor.open(`/library/${ITEM}`);
  await page.locator('li[data-index="0"]').waitFor();
  const shownMs = await page.evaluate(() => performance.now());
  const opening = await longest(page);
  for (let at = 0; at < SCROLLS; at += 1) await page.mouse.wheel(0, 3_000);
  const rowCount = await page.locator('li[data-index]').count();
  const scrolling = await longest(page);
  await page.locator('li[data-index]').nth(10).locator('p').first().dblclick();
  await page.keyboard.type('Corrected ');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+f');
  await page.keyboard.type('meeting');
  const editing = await longest(page);
  await visitor.close();
  return [
    [`words of ${hours} h`, String(transcript.segments.reduce((sum, { words }) => sum + words.length, 0))],
    ['first text', `${Math.round(shownMs)} ms`],
    ['longest task while it opens', opening],
    ['longest task while scrolling', scrolling],
    ['longest task while typing and searching', editing],
    ['rows in the document', String(rowCount)],
  ];
}

function observe(): void {
  const holder = window as unknown as { longest: number };
  holder.longest = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) holder.longest = Math.max(holder.longest, duration);
  }).observe({ type: 'longtask', buffered: true });
}

/** Since it was last asked; browsers report tasks from 50 ms. */
async function longest(page: Page): Promise<string> {
  const ms = await page.evaluate(async () => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    const holder = window as unknown as { longest: number };
    const found = holder.longest;
    holder.longest = 0;
    return found;
  });
  return ms === 0 ? 'under 50 ms' : `${Math.round(ms)} ms`;
}

function itemOf(durationMs: number) {
  const at = new Date(0).toISOString();
  return {
    id: ITEM,
    title: 'Three hours',
    tags: [],
    folder: null,
    status: 'completed',
    language: 'en',
    duration: durationMs / 1000,
    model: 'tiny.en',
    task: 'transcribe',
    speakers: null,
    speaker_names: [],
    revision: 0,
    audio: null,
    file_name: 'three-hours.mp3',
    rights: 'owner',
    keep_until: null,
    created_at: at,
    updated_at: at,
    ended_at: at,
  };
}
