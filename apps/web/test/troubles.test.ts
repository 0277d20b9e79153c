import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { SottoClient } from '@sotto/client';
import { describeWith, type Service, temporaryFolder } from '@sotto/testkit';
import type { Browser, Page } from 'playwright-core';
import { accessibilityFaults, installedChromium, openBrowser, Visitor } from './support/browser.ts';
import { startWithDatabase } from './support/library.ts';
import { repeatedSample, SAMPLE } from './support/speech.ts';

jest.setTimeout(120_000);

/** Windows of half a minute, which are done one by one here: there is work left when the first of them is done. */
const LONG = 45;
const UNLIMITED = 'ENABLE_RATE_LIMIT=false';

describeWith(installedChromium(), 'the page, when something goes wrong', (executable) => {
  let service: Service;
  let client: SottoClient;
  let folder: string;
  let browser: Browser;
  let visitor: Visitor;
  let page: Page;
  beforeAll(async () => {
    folder = await temporaryFolder('library');
    browser = await openBrowser(executable);
    service = await startWithDatabase(`pglite:${join(folder, 'library')}`, {
      apiEnv: { ENABLE_RATE_LIMIT: '' },
      workerEnv: { WHISPER_BATCH: '1' },
    });
    client = new SottoClient({ baseUrl: service.url });
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close({ leftovers: true });
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await setTo(UNLIMITED);
    visitor = await Visitor.of(browser, service);
    page = await visitor.open('/transcribe');
  });
  afterEach(async () => {
    await visitor.close();
  });

  const row = (name: string) => page.getByRole('listitem').filter({ hasText: name });
  const pick = (name: string, buffer: Buffer<ArrayBuffer>) =>
    page.locator('input[type=file][multiple]').setInputFiles({ name, mimeType: 'audio/wav', buffer });
  const pickSample = (name: string) => pick(name, readFileSync(SAMPLE));
  /** As an operator would, while it runs. @param line of `.env` */
  async function setTo(line: string): Promise<void> {
    await writeFile(join(service.folder, '.env'), line);
    expect((await fetch(`${service.url}/admin/reload`, { method: 'POST' })).status).toBe(200);
  }

  it('goes on when a worker is killed in the middle, and has the whole text in the end', async () => {
    await pick('long.wav', repeatedSample(LONG));
    await row('long.wav').getByRole('log').getByText('hello').waitFor({ timeout: 60_000 });
    await service.workers[0]?.process.kill9();
    await row('long.wav').getByRole('progressbar').waitFor();
    const { jobs } = await client.list();
    expect(jobs).toMatchObject([{ file_name: 'long.wav', status: 'processing' }]);
    await service.addWorker();
    await page.getByRole('link', { name: 'Open long.wav' }).waitFor({ timeout: 60_000 });
    const { result } = await client.transcribe(new File([repeatedSample(LONG)], 'again.wav'), { cache: false });
    expect((await client.library.result(String(jobs[0]?.job_id))).text).toBe(result.text);
    expect(visitor.complaints).toEqual([]);
  });

  it('says that the service is full, keeps the recording, and sends it when asked again', async () => {
    await setTo('MIN_FREE_DISK=1000000000000000');
    await pickSample('full.wav');
    await row('full.wav').getByText('The service cannot take more at the moment').waitFor();
    await row('full.wav')
      .getByText(/Nothing is lost.*Try again in/)
      .waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.reload();
    await row('full.wav').getByText('The service cannot take more at the moment').waitFor();
    await setTo(UNLIMITED);
    await row('full.wav').getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('link', { name: 'Open full.wav' }).waitFor();
  });

  it('says that it asks too much, and until when, and goes on where it was', async () => {
    await setTo('RATE_LIMIT_PER_MINUTE=1');
    await pickSample('first.wav');
    await row('first.wav').getByText('Too many requests').waitFor();
    await row('first.wav')
      .getByText(/Try again in \d+ (s|min)\./)
      .waitFor();
    await setTo(UNLIMITED);
    await row('first.wav').getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('link', { name: 'Open first.wav' }).waitFor();
    await row('first.wav').getByRole('alert').waitFor({ state: 'detached' });
  });
});
