import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { SottoClient } from '@sotto/client';
import { describeWith, type PostgresServer, type Service, startPostgres, waitFor } from '@sotto/testkit';
import type { Browser, Page } from 'playwright-core';
import { accessibilityFaults, installedChromium, openBrowser, Visitor } from './support/browser.ts';
import { startWithDatabase } from './support/library.ts';
import { repeatedSample, SAMPLE_TEXT } from './support/speech.ts';

jest.setTimeout(120_000);

const EVIL = '<img src=x onerror=alert(1)>';
const EVIL_TAG = '<b>tag</b>';

describeWith(installedChromium(), 'the library, over PostgreSQL', (executable) => {
  let server: PostgresServer;
  let database: string;
  let service: Service;
  let client: SottoClient;
  let browser: Browser;
  let visitor: Visitor;
  let page: Page;
  beforeAll(async () => {
    [server, browser] = await Promise.all([startPostgres(), openBrowser(executable)]);
    database = await server.createDatabase();
    service = await startWithDatabase(database);
    client = new SottoClient({ baseUrl: service.url });
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close({ leftovers: true });
    await server?.close();
  });
  beforeEach(async () => {
    visitor = await Visitor.of(browser, service);
  });
  afterEach(async () => {
    await visitor.close();
  });

  const line = (index: number, of = page) => of.locator(`li[data-index="${index}"]`);
  const isSaved = () => page.getByRole('status').getByText('Saved', { exact: true }).waitFor();
  const itemId = async () => String((await client.library.list()).items[0]?.id);

  it('keeps, corrects and finds, and takes everything that is stored for text', async () => {
    page = await visitor.open('/transcribe');
    const recording = { name: `${EVIL}.wav`, mimeType: 'audio/wav', buffer: repeatedSample(3) };
    await page.locator('input[type=file][multiple]').setInputFiles(recording);
    await page.getByRole('link', { name: `Open ${EVIL}.wav` }).click();
    await line(0).getByText(SAMPLE_TEXT).waitFor();
    await line(0).getByRole('button', { name: 'Correct' }).click();
    const field = page.getByRole('textbox', { name: 'Text of the line' });
    await field.fill(`Zebras ${EVIL}`);
    await field.press('End');
    await field.press('Enter');
    await isSaved();
    await page.getByRole('button', { name: 'Title and tags' }).click();
    await page.getByRole('dialog').getByLabel('Tags').fill(EVIL_TAG);
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByText(`#${EVIL_TAG}`).waitFor();
    await page.getByRole('link', { name: 'Library' }).click();
    await page.getByRole('button', { name: 'New folder' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill(EVIL);
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: EVIL, exact: true }).waitFor();
    // A search finds an edit a second later.
    await waitFor(async () => (await client.library.list({ q: 'zebras' })).items.length > 0, { what: 'the search' });
    await page.getByRole('searchbox').fill('zebras');
    await page
      .getByRole('link')
      .filter({ has: page.locator('mark') })
      .filter({ hasText: EVIL })
      .click();
    await line(0).getByText(`Zebras ${EVIL}`).waitFor();
    expect((await client.library.result(await itemId(), 'text')).split('\n')[0]).toContain(`Zebras ${EVIL}`);
    expect(visitor.complaints).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('has a list that can be used by everybody (%s)', async (colorScheme) => {
    page = await visitor.open('/library?q=zebras');
    await page.emulateMedia({ colorScheme });
    await page.locator('mark').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await client.library.giveFeedback(await itemId(), { rating: 'down', note: EVIL });
    await visitor.open('/operate/feedback');
    await page.getByText(EVIL).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.goto(`${service.url}/app/nowhere`);
    await page.getByRole('link', { name: 'Back to the start' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it('filters, and has the filter in the address', async () => {
    const { job_id: id } = await client.submit(new File([repeatedSample(1)], 'other.wav'), { keep: true });
    await waitFor(async () => (await client.library.get(id)).status === 'completed', { what: 'the other item' });
    page = await visitor.open('/library');
    const items = page.getByRole('list', { name: 'Transcripts' }).getByRole('listitem');
    await page.getByRole('link', { name: 'other', exact: true }).waitFor();
    expect(await items.count()).toBe(2);
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.getByLabel('Status').selectOption('Failed');
    await page.getByText('Nothing found').waitFor();
    await page.getByLabel('Status').selectOption('Done');
    await page.getByLabel('To', { exact: true }).fill('2020-01-01');
    await page.getByText('Nothing found').waitFor();
    await page.getByRole('button', { name: 'Show everything' }).click();
    await page.getByRole('button', { name: `#${EVIL_TAG}` }).click();
    await page.getByLabel('Sorted by').selectOption('Title');
    await page.getByRole('link', { name: 'other', exact: true }).waitFor({ state: 'detached' });
    await items.first().getByRole('link').first().click();
    await line(0).waitFor();
    await page.goBack();
    await page.getByRole('button', { name: `No longer only #${EVIL_TAG}` }).waitFor();
    expect(await page.getByLabel('Sorted by').inputValue()).toBe('title');
    await items.first().waitFor();
    expect(await items.count()).toBe(1);
    await client.library.delete(id);
  });

  it('keeps an item until a day, and forever', async () => {
    page = await visitor.open('/library');
    const keeping = page.getByRole('button', { name: `How long to keep ${EVIL}` });
    const save = () => page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await keeping.click();
    await page.getByRole('dialog').getByLabel('Keep until').fill('2099-12-24');
    await save();
    await page.getByText('kept until 24 Dec 2099').waitFor();
    expect((await client.library.get(await itemId())).keep_until).toMatch(/^2099-12-2[45]T/);
    await keeping.click();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Until I delete it' }).click();
    await save();
    await page.getByText('kept until').waitFor({ state: 'detached' });
    expect((await client.library.get(await itemId())).keep_until).toBeNull();
  });

  it('is exported as a whole, and imported again', async () => {
    page = await visitor.open('/library');
    await page.getByRole('button', { name: 'Export and import' }).click();
    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export everything' }).click();
    const downloaded = await downloading;
    expect(downloaded.suggestedFilename()).toMatch(/^sotto-library-.*\.zip$/);
    const archive = await downloaded.path();
    await client.library.delete(await itemId());
    const picker = page.getByRole('dialog').locator('input[type=file]');
    await picker.setInputFiles({ name: 'none.zip', mimeType: 'application/zip', buffer: Buffer.from('no archive') });
    await page.getByText('This file cannot be imported').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await picker.setInputFiles(archive);
    await page.getByText('1 transcript was added').waitFor();
    await picker.setInputFiles(archive);
    await page.getByText('1 was there already.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: EVIL, exact: true }).waitFor();
  });

  it('shows nothing by a link whose time has passed', async () => {
    page = await visitor.open(`/library/${await itemId()}`);
    await page.getByRole('button', { name: 'Share' }).click();
    const dialog = page.getByRole('dialog', { name: 'Share' });
    await dialog.getByRole('button', { name: 'Make a link' }).click();
    const address = new URL(await dialog.getByRole('textbox', { name: 'Link' }).inputValue());
    const guest = await Visitor.of(browser, service);
    const theirs = await guest.open(address.pathname.replace('/app', ''));
    await line(0, theirs).getByText('Zebras').waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await theirs.emulateMedia({ colorScheme });
      expect(await accessibilityFaults(theirs)).toEqual([]);
    }
    const aSecondAgo = "UPDATE links SET expires_at = now() - interval '1 second'";
    await server.query(new URL(database).pathname.slice(1), aSecondAgo);
    await theirs.reload();
    await theirs.getByText('The link no longer works', { exact: false }).waitFor();
    expect(await theirs.getByText('Zebras').count()).toBe(0);
    expect(await accessibilityFaults(theirs)).toEqual([]);
    await guest.close();
  });
});
