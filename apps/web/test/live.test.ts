/** @long */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import {
  BrokenLine,
  comparableWords,
  concat,
  describeWith,
  pause,
  type Service,
  speak,
  temporaryFolder,
  waitFor,
  writeWav,
} from '@sotto/testkit';
import type { Browser, Page } from 'playwright-core';
import { accessibilityFaults, installedChromium, openBrowser, openSharingBrowser, Visitor } from './support/browser.ts';
import { startWithDatabase } from './support/library.ts';

jest.setTimeout(240_000);

const SAID = ['hello world one two three', 'four five six seven'];
const VOICE = { voice: 'en-us', speed: 130 };

/** How much of the session the service says to have heard, once it is over. */
function listenForEnd(page: Page): () => number | null {
  let heard: number | null = null;
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      const event = JSON.parse(String(payload));
      if (event.type === 'ended') heard = Math.round(event.heard * 16_000);
    }),
  );
  return () => heard;
}

/** As the browser has kept it. */
const recordedSamples = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const resultOf = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await resultOf(indexedDB.open('sotto'));
    const sounds = await resultOf(database.transaction('liveSound').objectStore('liveSound').getAll());
    const { at, samples } = sounds.at(-1);
    return at + samples.length;
  });

describeWith(installedChromium(), 'the live page', (executable) => {
  let service: Service;
  let folder: string;
  let browser: Browser;
  let line: BrokenLine;
  let visitor: Visitor;
  let page: Page;
  beforeAll(async () => {
    folder = await temporaryFolder('live-page');
    const microphone = join(folder, 'microphone.wav');
    const spoken = await Promise.all(SAID.map((text) => speak(text, VOICE)));
    await writeWav(microphone, concat(pause(500), ...spoken.flatMap(({ samples }) => [samples, pause(900)])));
    browser = await openBrowser(executable, [`--use-file-for-fake-audio-capture=${microphone}`]);
    // One at a time: whoever comes back is not one more.
    service = await startWithDatabase(`pglite:${join(folder, 'library')}`, { workerEnv: { LIVE_SESSIONS: '1' } });
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close({ leftovers: true });
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    line = await BrokenLine.to(service.url);
    visitor = await Visitor.of(browser, { url: line.url });
    page = await visitor.open('/live');
  });
  afterEach(async () => {
    await visitor.close();
    await line.close();
  });

  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
  const notice = (title: string) => page.getByText(title, { exact: true });
  /** What is seen. */
  const shownWords = async () =>
    comparableWords((await page.getByRole('region', { name: 'What was said' }).locator('p').allInnerTexts()).join(' '));
  const showsWord = (word: string) =>
    waitFor(async () => (await shownWords()).includes(word), { what: `“${word}”`, timeoutMs: 60_000 });
  const start = async () => {
    await page.getByLabel('Language', { exact: true }).selectOption('English');
    await button('Start listening').click();
  };
  const stop = async () => {
    await button('Stop').click();
    await button('New session').waitFor({ timeout: 60_000 });
  };

  it('tells what is said while it is said, also over the whole screen, and gives it away at the end', async () => {
    await start();
    await showsWord('two');
    await button('Captions in full screen').click();
    const captions = page.getByRole('dialog', { name: 'Captions in full screen' });
    const text = captions.getByRole('log');
    const heightOf = () => captions.evaluate((element) => element.getBoundingClientRect().height);
    const sizeOf = () => text.evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize));
    await waitFor(async () => (await heightOf()) === (await page.evaluate(() => window.innerHeight)), {
      what: 'captions over the whole page',
    });
    const before = await sizeOf();
    await page.keyboard.press('ArrowUp');
    await waitFor(async () => (await sizeOf()) > before, { what: 'larger captions' });
    await text.filter({ hasText: 'seven' }).waitFor({ timeout: 60_000 });
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await captions.waitFor({ state: 'detached' });
    await stop();
    const said = await shownWords();
    const words = comparableWords(SAID.join(' '));
    expect(said.filter((word) => words.includes(word)).length).toBeGreaterThanOrEqual(words.length / 2);
    await button('Copy').click();
    await waitFor(async () => (await page.evaluate(() => navigator.clipboard.readText())).includes('seven'), {
      what: 'the text to be copied',
    });
    const download = page.waitForEvent('download');
    await button('Download srt').click();
    expect(await readFile(await (await download).path(), 'utf8')).toMatch(
      /^1\n00:00:\d\d,\d{3} --> 00:00:\d\d,\d{3}\n\w/,
    );
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await accessibilityFaults(page)).toEqual([]);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await notice('It is in your library').waitFor({ timeout: 60_000 });
    await page.getByRole('link', { name: 'Open in the library' }).click();
    await page.getByRole('heading', { level: 1, name: /^Live 20/ }).waitFor();
    await page.getByText(/hello/i).first().waitFor();
    expect(visitor.complaints).toEqual([]);
  });

  it('goes on over a reload and a broken connection, and loses no word', async () => {
    const heardSamples = listenForEnd(page);
    await start();
    await showsWord('three');
    const before = await shownWords();
    await page.reload();
    // What was said before comes from the browser, or from the service once more; the microphone begins anew.
    await showsWord('seven');
    await line.refuse();
    await notice('There is no connection to the service').waitFor();
    const atMs = await page.evaluate(() => performance.now());
    await waitFor(async () => (await page.evaluate(() => performance.now())) > atMs + 3_000, {
      what: 'more to be said',
    });
    await line.restore();
    await notice('There is no connection to the service').waitFor({ state: 'detached', timeout: 30_000 });
    await stop();
    const said = await shownWords();
    expect(said.slice(0, before.length - 1)).toEqual(before.slice(0, -1));
    // All that the microphone gave was heard, also what it gave while nobody could be reached.
    expect(heardSamples()).toBe(await recordedSamples(page));
    expect(said.slice(before.length)).toContain('seven');
    expect(await page.evaluate(() => document.querySelectorAll('time').length)).toBeGreaterThan(2);
  });

  it('hears the sound of another tab, until that is closed', async () => {
    const sharing = await openSharingBrowser(executable, 'Talk');
    const guest = await Visitor.of(sharing, service);
    const talk = await guest.context.newPage();
    await talk.route('http://talk.test/**', async (route) => {
      const isSound = route.request().url().endsWith('.wav');
      if (isSound) await route.fulfill({ contentType: 'audio/wav', path: join(folder, 'microphone.wav') });
      else
        await route.fulfill({ contentType: 'text/html', body: '<title>Talk</title><audio src="a.wav" loop controls>' });
    });
    await talk.goto('http://talk.test/');
    page = await guest.open('/live');
    await page.getByLabel('The sound of a tab or the screen').check();
    await start();
    await talk.locator('audio').evaluate((audio: HTMLAudioElement) => audio.play());
    await showsWord('three');
    await talk.close();
    await notice('The sound has ended').waitFor();
    await stop();
    await sharing.close();
  });

  it('says what to do when the microphone is refused', async () => {
    const refusing = await openBrowser(executable, ['--use-fake-ui-for-media-stream=deny']);
    const refused = await (await Visitor.of(refusing, service)).open('/live');
    await refused.getByRole('button', { name: 'Start listening' }).click();
    await refused.getByText('The microphone is not allowed').waitFor();
    await refusing.close();
  });

  it('says what to do when somebody else is heard, and hears and keeps nothing that it was not told to', async () => {
    await page.getByLabel('Keep in my library').uncheck();
    await start();
    await button('Pause').click();
    const other = await Visitor.of(browser, service);
    const theirs = await other.open('/live');
    await theirs.getByRole('button', { name: 'Start listening' }).click();
    await theirs.getByText('There is no room to listen').waitFor();
    await theirs.getByText(/Try again in/).waitFor();
    expect(await accessibilityFaults(theirs)).toEqual([]);
    await other.close();
    await button('Go on').click();
    await showsWord('two');
    await stop();
    expect(await page.getByRole('link', { name: 'Open in the library' }).count()).toBe(0);
    await button('New session').click();
    await page.getByRole('dialog').getByRole('button', { name: 'New session' }).click();
    await button('Start listening').waitFor();
    expect(visitor.complaints).toEqual([]);
  });
});
