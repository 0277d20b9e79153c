import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { concat, describeWith, encodeWav, REPOSITORY, type Service, startService } from '@sotto/testkit';
import type { Browser, Page } from 'playwright-core';
import { accessibilityFaults, installedChromium, openBrowser, Visitor } from './support/browser.ts';

jest.setTimeout(120_000);

const SAMPLE = join(REPOSITORY, 'apps/cli/assets/sample-nano.wav');
const WAV_HEADER_BYTES = 44;
const SAMPLE_TEXT = /hello world one two three/;

/** @returns a WAV file of some 2.4 s for each time. */
function repeatedSample(times: number): Buffer {
  const bytes = readFileSync(SAMPLE).subarray(WAV_HEADER_BYTES);
  const samples = new Int16Array(bytes.length / 2).map((_, index) => bytes.readInt16LE(2 * index));
  return Buffer.from(encodeWav(concat(...Array.from({ length: times }, () => samples))));
}

describeWith(installedChromium(), 'the page that transcribes', (executable) => {
  let service: Service;
  let browser: Browser;
  let visitor: Visitor;
  let page: Page;
  beforeAll(async () => {
    [service, browser] = await Promise.all([
      startService({ env: { ENABLE_RATE_LIMIT: 'false' } }),
      openBrowser(executable),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close();
  });
  beforeEach(async () => {
    visitor = await Visitor.of(browser, service);
    page = await visitor.open('/transcribe');
  });
  afterEach(async () => {
    await visitor.close();
  });

  const picker = () => page.locator('input[type=file][multiple]');
  const jobNamed = (name: string) => page.getByRole('listitem').filter({ hasText: name });

  it('is where browsers are led to, and begins with a recording of its own', async () => {
    await page.goto(service.url);
    await page.waitForURL('**/app/transcribe');
    await page.getByRole('button', { name: 'Transcribe the sample' }).click();
    await jobNamed('sample-nano.wav').getByRole('button', { name: 'Read' }).click();
    await page.getByText(SAMPLE_TEXT).waitFor();
    await page.getByRole('button', { name: 'Copy the text' }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(SAMPLE_TEXT);
    expect(visitor.complaints).toEqual([]);
  });

  it('takes many files, and says of each that is none what to do', async () => {
    await picker().setInputFiles([
      { name: 'first.wav', mimeType: 'audio/wav', buffer: readFileSync(SAMPLE) },
      { name: '<img src=x onerror=alert(1)>.wav', mimeType: 'audio/wav', buffer: readFileSync(SAMPLE) },
      { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('not a sound '.repeat(100)) },
    ]);
    await jobNamed('first.wav').getByRole('button', { name: 'Read' }).waitFor();
    await jobNamed('onerror=alert').getByRole('button', { name: 'Read' }).waitFor();
    const refused = jobNamed('notes.txt');
    await refused.getByText('This recording cannot be used').waitFor();
    await refused.getByRole('button', { name: 'Do not send notes.txt' }).click();
    await refused.waitFor({ state: 'detached' });
  });

  it.each(['light', 'dark'] as const)('can be used by everybody (%s)', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await jobNamed('first.wav').getByRole('button', { name: 'Read' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.goto(`${service.url}/app/settings`);
    await page.getByText(/^Sotto \d/).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
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
    await jobNamed('long.wav').getByRole('button', { name: 'Read' }).waitFor();
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
    await again.getByRole('listitem').filter({ hasText: '.webm' }).getByRole('button', { name: 'Read' }).waitFor();
    await again.getByText('A recording was not finished').waitFor({ state: 'detached' });
    expect(visitor.complaints).toEqual([]);
  });
});
