import type { Service } from '@sotto/testkit';
import type { Browser, Page } from 'playwright-core';
import { Visitor } from '../support/browser.ts';
import { firstTextMs, longestTask, watchPage } from './watched-page.ts';

/** Of one run, by what they are of. */
export type Figures = Record<string, { values: readonly number[]; unit: string }>;

const SCROLLS = 40;
const PLAY_MS = 3_000;

/** Opens an item in a browser that has never seen it, and does with it what people do. */
export async function useReader(of: Browser, service: Service, itemId: string): Promise<Figures> {
  const visitor = await Visitor.of(of, service);
  const { page } = visitor;
  try {
    await page.addInitScript(watchPage);
    const tasks: Figures = {};
    const actions: typeof ACTIONS = { opening: () => open(visitor, itemId), ...ACTIONS };
    for (const [name, act] of Object.entries(actions)) {
      const { workedMs, tookMs } = await longestTask(of, page, () => act(page));
      tasks[`longest task: ${name}`] = { values: [workedMs, tookMs], unit: ' ms' };
    }
    const rows = await page.locator('li[data-index]').count();
    return {
      'first text': { values: [await firstTextMs(page)], unit: ' ms' },
      ...tasks,
      'rows in the document': { values: [rows], unit: '' },
      'memory of the page': { values: [(await memoryBytes(page)) / 1e6], unit: ' MB' },
    };
  } finally {
    await visitor.close();
  }
}

const saved = (page: Page) => page.getByRole('status').getByText('Saved', { exact: true }).waitFor();

async function open(visitor: Visitor, itemId: string): Promise<void> {
  await saved(await visitor.open(`/library/${itemId}`));
}

const ACTIONS: Record<string, (page: Page) => Promise<void>> = {
  scrolling: async (page) => {
    for (let at = 0; at < SCROLLS; at += 1) await page.mouse.wheel(0, 3_000);
  },
  playing: async (page) => {
    await page.locator('li[data-index] [data-word]').first().click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await page.waitForTimeout(PLAY_MS);
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  },
  'typing an edit': async (page) => {
    await page.keyboard.press('Enter');
    await page
      .getByRole('textbox', { name: 'Text of the line' })
      .pressSequentially(' and a few words more', { delay: 20 });
    await page.keyboard.press('Shift+Enter');
    await saved(page);
  },
  searching: async (page) => {
    await page.keyboard.press('Control+f');
    await page.getByRole('searchbox', { name: 'Search' }).pressSequentially('the', { delay: 20 });
    await page.getByText(/^Found \d+ times$/).waitFor();
    await page.keyboard.press('Enter');
  },
  'replacing all': async (page) => {
    await page.getByRole('textbox', { name: 'Replace with' }).fill('who');
    await page.getByRole('button', { name: 'Replace all' }).click();
    await page.getByText('Found 0 times').waitFor();
    await saved(page);
  },
  undoing: async (page) => {
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText(/^Found [1-9]\d* times$/).waitFor();
    await saved(page);
  },
};

/** Of JavaScript, after the collector. */
async function memoryBytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}
