import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { describeWith, type Service, temporaryFolder, waitFor } from '@sotto/testkit';
import type { Browser, Page } from 'playwright-core';
import { accessibilityFaults, installedChromium, openBrowser, Visitor } from './support/browser.ts';
import { startWithLibrary } from './support/library.ts';
import { repeatedSample, SAMPLE, SAMPLE_TEXT } from './support/speech.ts';

jest.setTimeout(120_000);

describeWith(installedChromium(), 'the page that transcribes', (executable) => {
  let service: Service;
  let folder: string;
  let browser: Browser;
  let visitor: Visitor;
  let page: Page;
  beforeAll(async () => {
    folder = await temporaryFolder('library');
    browser = await openBrowser(executable);
    service = await startWithLibrary(folder, { MAX_FILE_SIZE: '5000000' });
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close({ leftovers: true });
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    visitor = await Visitor.of(browser, service);
    page = await visitor.open('/transcribe');
  });
  afterEach(async () => {
    await visitor.close();
  });

  const picker = () => page.locator('input[type=file][multiple]');
  const openingOf = (name: string, of = page) => of.getByRole('link', { name: `Open ${name}` });
  const jobNamed = (name: string) => page.getByRole('listitem').filter({ hasText: name });

  it('is where browsers are led to, and begins with a recording of its own', async () => {
    await page.goto(service.url);
    await page.waitForURL('**/app/transcribe');
    const browserTools = await visitor.context.newCDPSession(page);
    const { installabilityErrors: hindrances } = await browserTools.send('Page.getInstallabilityErrors');
    // A context of a test is a private window, in which nothing is installed.
    expect(hindrances.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([]);
    await page.getByRole('button', { name: 'Transcribe the sample' }).click();
    await openingOf('sample-nano.wav').click();
    await page.getByText(SAMPLE_TEXT).waitFor();
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Copy', exact: true }).click();
    await waitFor(async () => (await page.evaluate(() => navigator.clipboard.readText())).includes(SAMPLE_TEXT), {
      what: 'the text to be copied',
    });
    expect(visitor.complaints).toEqual([]);
  });

  it('takes many files, and says of each that is none what to do', async () => {
    await picker().setInputFiles([
      { name: 'first.wav', mimeType: 'audio/wav', buffer: readFileSync(SAMPLE) },
      { name: '<img src=x onerror=alert(1)>.wav', mimeType: 'audio/wav', buffer: readFileSync(SAMPLE) },
      { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('not a sound '.repeat(100)) },
    ]);
    await openingOf('first.wav').waitFor();
    await openingOf('<img src=x onerror=alert(1)>.wav').waitFor();
    const refused = jobNamed('notes.txt');
    await refused.getByText('This recording cannot be used').waitFor();
    await refused.getByRole('button', { name: 'Do not send notes.txt' }).click();
    await refused.waitFor({ state: 'detached' });
  });

  it('says what to do with a recording that is too large', async () => {
    await picker().setInputFiles({ name: 'huge.wav', mimeType: 'audio/wav', buffer: Buffer.alloc(6_000_000) });
    const refused = jobNamed('huge.wav');
    await refused.getByText('The recording is too large').waitFor();
    await refused.getByText(/compressed file/).waitFor();
    await refused.getByRole('button', { name: 'Do not send huge.wav' }).click();
    await refused.waitFor({ state: 'detached' });
  });

  it.each(['light', 'dark'] as const)('can be used by everybody (%s)', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await openingOf('first.wav').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.goto(`${service.url}/app/settings`);
    await page.getByText(/^Sotto \d/).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    // On a phone, the bar would cover a part of what is not scrolled to.
    await page.setViewportSize({ width: 1280, height: 800 });
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('begins with the defaults of this browser, shows what a model was measured to need, and keeps for so many days', async () => {
    await visitor.open('/settings');
    await page.getByLabel('Language', { exact: true }).selectOption('English');
    await page.getByLabel('Keep', { exact: true }).selectOption('For 7 days');
    await page.getByRole('button', { name: 'Save the defaults' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    await page.getByLabel('New transcripts are kept').selectOption('For 30 days');
    await page.reload();
    expect(await page.getByLabel('New transcripts are kept').inputValue()).toBe('30');
    await page.getByRole('link', { name: 'Transcribe', exact: true }).click();
    expect(await page.getByLabel('Language', { exact: true }).inputValue()).toBe('en');
    await page.getByText(/as fast as speech here, \d+ MB of memory$/).waitFor();
    await picker().setInputFiles({ name: 'short-lived.wav', mimeType: 'audio/wav', buffer: readFileSync(SAMPLE) });
    await openingOf('short-lived.wav').waitFor();
    await page.getByRole('link', { name: 'Library' }).click();
    await page
      .getByRole('listitem')
      .filter({ hasText: 'short-lived' })
      .getByText(/kept until/)
      .waitFor();
  });

  it('shows the text as it comes, also after a reload, and outlives a worker that is killed', async () => {
    const [worker] = service.workers;
    await worker?.process.kill9();
    await picker().setInputFiles({ name: 'long.wav', mimeType: 'audio/wav', buffer: repeatedSample(20) });
    await jobNamed('long.wav')
      .getByText(/Queued/)
      .waitFor();
    await page.reload();
    await jobNamed('long.wav')
      .getByText(/Queued/)
      .waitFor();
    await service.addWorker();
    await openingOf('long.wav').waitFor();
  });

  it('records from the microphone, and keeps what was recorded when the tab is closed', async () => {
    await page.getByRole('button', { name: 'Record from the microphone' }).click();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('timer').filter({ hasText: '0:03' }).waitFor();
    const again = await visitor.context.newPage();
    visitor.listenTo(again);
    await page.close();
    await again.goto(`${service.url}/app/transcribe`);
    await again.getByText('A recording was not finished').waitFor();
    await again.getByRole('button', { name: 'Transcribe it' }).click();
    await again.getByRole('link', { name: /^Open .*webm$/ }).waitFor();
    await again.getByText('A recording was not finished').waitFor({ state: 'detached' });
    expect(visitor.complaints).toEqual([]);
  });
});
