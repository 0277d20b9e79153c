import type { Browser, Page } from 'playwright-core';

/** Goes before the page: notes when the first line of a transcript is drawn. */
export function watchPage(): void {
  new MutationObserver((_, observer) => {
    if (document.querySelector('li[data-index="0"]') === null) return;
    observer.disconnect();
    // What is in the document now is drawn with the next frame.
    requestAnimationFrame(() => requestAnimationFrame((atMs) => Object.assign(window, { firstTextMs: atMs })));
  }).observe(document, { childList: true, subtree: true });
}

export async function firstTextMs(page: Page): Promise<number> {
  const found = await page.waitForFunction(() => (window as unknown as { firstTextMs?: number }).firstTextMs);
  return (await found.jsonValue()) ?? 0;
}

export interface LongestTask {
  /** Of a processor. */
  workedMs: number;
  /** By the clock: with the time for which it waited for a processor that another program had. */
  tookMs: number;
}

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  /** Microseconds. */
  dur?: number;
  tdur?: number;
}

const REST_MS = 400;
const MARK = 'sotto-bench';

/** The longest task of the page's main thread while it does something, and until it has come to rest. */
export async function longestTask(browser: Browser, page: Page, act: () => Promise<void>): Promise<LongestTask> {
  await browser.startTracing(page, { categories: ['toplevel', 'blink.user_timing'] });
  await act();
  await page.waitForTimeout(REST_MS);
  // Tells the page's thread from those of the browser's own pages.
  await page.evaluate((mark) => void performance.mark(mark), MARK);
  const { traceEvents } = JSON.parse(String(await browser.stopTracing())) as { traceEvents: TraceEvent[] };
  const main = traceEvents.find(({ name }) => name === MARK);
  const isOurs = ({ pid, tid }: TraceEvent): boolean => pid === main?.pid && tid === main.tid;
  const tasks = traceEvents.filter((event) => /RunTask$/.test(event.name) && isOurs(event));
  if (tasks.length === 0) throw new Error('The browser has told of no tasks.');
  return {
    workedMs: Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1000,
    tookMs: Math.max(...tasks.map(({ dur = 0 }) => dur)) / 1000,
  };
}
