/** @busy Its engine keeps every core busy. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import {
  describeWith,
  encodeWav,
  realRecordings,
  type Service,
  speak,
  temporaryFolder,
  tinyEnModelDir,
  wordErrorRate,
} from '@sotto/testkit';
import type { Browser, Page } from 'playwright-core';
import { accessibilityFaults, installedChromium, openBrowser, Visitor } from './support/browser.ts';
import { startWithDatabase } from './support/library.ts';

jest.setTimeout(240_000);

const MOST_WRONG = 0.1;
const SPOKEN =
  'The train to the city leaves every morning at half past seven. In winter the mountain road is closed because of ' +
  'heavy snow. They built a small house of wood and stone near the forest.';

interface Talk {
  file: { name: string; mimeType: string; buffer: Buffer<ArrayBuffer> };
  /** What is said in it. */
  text: string;
}

/** A minute of a real talk; speech made for it where that is not at hand. */
async function aTalk(): Promise<Talk> {
  const real = realRecordings('ted_60.m4a', 'ted_60.txt');
  if ('value' in real) {
    const buffer = await readFile(join(real.value, 'ted_60.m4a'));
    const text = await readFile(join(real.value, 'ted_60.txt'), 'utf8');
    return { file: { name: 'talk.m4a', mimeType: 'audio/mp4', buffer }, text };
  }
  const { samples } = await speak(SPOKEN);
  return { file: { name: 'talk.wav', mimeType: 'audio/wav', buffer: Buffer.from(encodeWav(samples)) }, text: SPOKEN };
}

const tinyEn = await tinyEnModelDir();

describeWith(installedChromium(), 'the page with a real talk', (executable) => {
  describeWith(tinyEn, 'and tiny.en', (modelDir) => {
    let service: Service;
    let folder: string;
    let browser: Browser;
    let visitor: Visitor;
    let page: Page;
    beforeAll(async () => {
      folder = await temporaryFolder('library');
      browser = await openBrowser(executable);
      service = await startWithDatabase(`pglite:${join(folder, 'library')}`, { modelDir, model: 'tiny.en' });
    });
    afterAll(async () => {
      await browser?.close();
      await service?.close({ leftovers: true });
      await rm(folder, { recursive: true, force: true });
    });
    beforeEach(async () => {
      // Tall enough for every line to be in the document.
      visitor = await Visitor.of(browser, service, { viewport: { width: 1280, height: 4000 } });
      page = await visitor.open('/transcribe');
    });
    afterEach(async () => {
      await visitor.close();
    });

    it('shows what was said, plays it, and searches in it', async () => {
      const { file, text } = await aTalk();
      await page.locator('input[type=file][multiple]').setInputFiles(file);
      await page.getByRole('link', { name: `Open ${file.name}` }).click({ timeout: 120_000 });
      const lines = page.locator('li[data-index]');
      await lines.first().waitFor();
      const shown = (await lines.locator('[data-word]').allTextContents()).join(' ');
      expect(wordErrorRate(text, shown)).toBeLessThanOrEqual(MOST_WRONG);
      expect(await accessibilityFaults(page)).toEqual([]);
      await lines.nth(1).locator('[data-word="1"]').click();
      await page.waitForFunction(() => document.querySelector('li[data-index="1"] [class*="current"]') !== null);
      await page.keyboard.press('Space');
      const word = longestWord(shown);
      await page.keyboard.press('Control+f');
      await page.getByRole('searchbox', { name: 'Search' }).fill(word);
      await page.getByText(/^Found (once|\d+ times)/).waitFor();
      expect(visitor.complaints).toEqual([]);
    });
  });
});

const longestWord = (text: string): string =>
  (text.match(/\p{L}+/gu) ?? []).reduce((longest, word) => (word.length > longest.length ? word : longest), '');
