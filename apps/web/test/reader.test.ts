/** @long */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { SottoClient } from '@sotto/client';
import { describeWith, ffmpeg, type Service, temporaryFolder, waitFor } from '@sotto/testkit';
import type { Browser, Page } from 'playwright-core';
import { accessibilityFaults, installedChromium, openBrowser, Visitor } from './support/browser.ts';
import { startWithDatabase } from './support/library.ts';
import { repeatedSample, SAMPLE_TEXT } from './support/speech.ts';

jest.setTimeout(120_000);

const LINES = 4;
const EVIL = '<img src=x onerror=alert(1)>';

describeWith(installedChromium(), 'the page that reads and corrects', (executable) => {
  let service: Service;
  let browser: Browser;
  let client: SottoClient;
  let folder: string;
  let wav: File;
  let visitor: Visitor;
  let page: Page;
  let itemId: string;
  beforeAll(async () => {
    folder = await temporaryFolder('library');
    browser = await openBrowser(executable);
    const roles = [['prepare', 'transcribe', 'speak']];
    service = await startWithDatabase(`pglite:${join(folder, 'library')}`, { roles });
    client = new SottoClient({ baseUrl: service.url });
    wav = new File([repeatedSample(LINES)], 'talk.wav');
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    const { job_id } = await client.submit(wav, { keep: true, language: 'en' });
    itemId = job_id;
    await waitFor(async () => (await client.library.get(itemId)).status === 'completed', {
      what: 'the item to be kept',
    });
    visitor = await Visitor.of(browser, service);
    page = await visitor.open(`/library/${itemId}`);
    await line(0).waitFor();
    await isSaved();
  });
  afterEach(async () => {
    await visitor.close();
    await client.library.delete(itemId);
  });

  const lineIn = (of: Page, index: number) => of.locator(`li[data-index="${index}"]`);
  const line = (index: number) => lineIn(page, index);
  const textOf = async () => (await client.library.result(itemId, 'text')).trim().split('\n');
  const forgetSpoken = async () => {
    const { jobs } = await client.list();
    for (const { job_id, kind } of jobs) if (kind === 'speech') await client.cancel(job_id);
  };
  const isSaved = (of = page) => of.getByRole('status').getByText('Saved', { exact: true }).waitFor();
  async function correct(of: Page, index: number, text: string): Promise<void> {
    await lineIn(of, index).getByRole('button', { name: 'Correct' }).click();
    const field = of.getByRole('textbox', { name: 'Text of the line' });
    await field.fill(text);
    await field.press('End');
    await field.press('Enter');
  }

  it('plays what is said, and shows where it is', async () => {
    await line(2).locator('[data-word="1"]').click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await page.waitForFunction(() => document.querySelector('li[data-index="2"] [class*="current"]') !== null);
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    await page.keyboard.press(']');
    expect(await page.getByRole('combobox', { name: 'Speed' }).inputValue()).toBe('1.25');
    expect(visitor.complaints).toEqual([]);
  });

  it('keeps each correction, and takes it back also after a reload', async () => {
    await correct(page, 0, 'Hello Wörld, 1 2 3');
    await isSaved();
    expect((await textOf())[0]).toContain('Hello Wörld, 1 2 3');
    await page.reload();
    await line(0).getByText('Hello Wörld, 1 2 3').waitFor();
    await page.getByRole('button', { name: 'Beside what was heard' }).click();
    await line(0).getByText('As it was heard:').waitFor();
    await page.keyboard.press('Control+z');
    await isSaved();
    expect((await textOf())[0]).toContain(SAMPLE_TEXT);
    await page.keyboard.press('Control+Shift+Z');
    await line(0).getByText('Hello Wörld, 1 2 3').waitFor();
  });

  it('is used by the keys: lines are divided, joined, left out, restored, and get speakers', async () => {
    await line(0).locator('p').first().click();
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    const field = page.getByRole('textbox', { name: 'Text of the line' });
    await field.press('Home');
    for (let at = 0; at < 'hello '.length; at += 1) await field.press('ArrowRight');
    await field.press('Enter');
    await line(1).getByRole('textbox').press('Escape');
    await isSaved();
    expect((await line(0).locator('p').first().textContent())?.trim()).toBe('hello');
    await line(0).locator('p').first().click();
    await page.keyboard.press('m');
    await isSaved();
    await line(0).getByText(SAMPLE_TEXT).waitFor();
    await page.keyboard.press('Delete');
    await isSaved();
    await line(0).getByRole('button', { name: 'Restore' }).click();
    await page.keyboard.press('r');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Speaker').selectOption('Somebody else');
    await dialog.getByLabel('Name').fill(EVIL);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await line(0)
      .getByRole('button', { name: `Speaker: ${EVIL}` })
      .waitFor();
    await isSaved();
    expect(await client.library.transcript(itemId)).toMatchObject({ speakers: [{ name: EVIL }] });
    expect(visitor.complaints).toEqual([]);
  });

  it('gives speakers to the lines that are selected, and to all lines of somebody', async () => {
    const dialog = page.getByRole('dialog', { name: 'Who speaks' });
    const name = async (speaker: string, scope: string | null) => {
      await page.keyboard.press('r');
      await dialog.getByLabel('Speaker').selectOption('Somebody else');
      await dialog.getByLabel('Name').fill(speaker);
      if (scope !== null) await dialog.getByLabel('In', { exact: true }).selectOption(scope);
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.waitFor({ state: 'detached' });
    };
    const speaks = (index: number, speaker: string) =>
      line(index)
        .getByRole('button', { name: `Speaker: ${speaker}` })
        .waitFor();
    await line(0).locator('p').first().click();
    await page.keyboard.press('Shift+ArrowDown');
    await name('Ida', null);
    await speaks(1, 'Ida');
    await line(2).locator('p').first().click();
    await name('Vera', null);
    await speaks(2, 'Vera');
    await line(1).locator('p').first().click();
    await name('Ruben', 'All lines of Ida');
    await speaks(0, 'Ruben');
    await isSaved();
    const { segments, speakers } = await client.library.transcript(itemId);
    expect(segments.slice(0, 3).map(({ speaker = -1 }) => speakers?.[speaker ?? -1]?.name)).toEqual([
      'Ruben',
      'Ruben',
      'Vera',
    ]);
  });

  it('finds and replaces, and exports what was made of it', async () => {
    // What the model hears is not the same in each of the lines.
    const count = (await client.library.result(itemId, 'text')).match(/world/gi)?.length ?? 0;
    await page.keyboard.press('Control+f');
    await page.getByRole('searchbox', { name: 'Search' }).fill('WORLD');
    await page.getByText(`Found ${count} times`).waitFor();
    await page.getByRole('textbox', { name: 'Replace with' }).fill('everybody');
    await page.getByRole('button', { name: 'Replace all' }).click();
    await isSaved();
    expect((await client.library.result(itemId, 'text')).match(/everybody/g)).toHaveLength(count);
    await page.getByRole('button', { name: 'Export' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('region', { name: 'Preview' }).getByText('00:00:00').waitFor();
    await dialog.getByLabel('Characters in a line').fill('10');
    await dialog
      .getByRole('region', { name: 'Preview' })
      .getByText(/^hello\neverybody$/m)
      .waitFor();
    const downloaded = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Download' }).click();
    expect((await downloaded).suggestedFilename()).toBe('talk.srt');
  });

  it('loses no correction without a connection, or with the tab', async () => {
    await visitor.context.setOffline(true);
    await correct(page, 0, 'First offline');
    await correct(page, 1, 'Second offline');
    await page.getByText('Offline: 2 to send').waitFor();
    const next = await visitor.context.newPage();
    await page.close();
    await visitor.context.setOffline(false);
    await next.goto(`${service.url}/app/library/${itemId}`);
    await lineIn(next, 1).getByText('Second offline').waitFor();
    await isSaved(next);
    expect((await textOf()).join('\n')).toMatch(/First offline[\s\S]*Second offline/);
  });

  it('saves a line while it is typed, and Escape takes that back', async () => {
    await line(0).getByRole('button', { name: 'Correct' }).click();
    const field = page.getByRole('textbox', { name: 'Text of the line' });
    await field.fill('Half a sentence');
    await waitFor(async () => (await textOf())[0]?.includes('Half a sentence') === true, { what: 'it to be saved' });
    await field.press('Escape');
    await waitFor(async () => (await textOf())[0]?.includes(SAMPLE_TEXT) === true, { what: 'it to be taken back' });
  });

  it('lets somebody choose when two have changed the same line', async () => {
    const other = await visitor.context.newPage();
    await other.goto(`${service.url}/app/library/${itemId}`);
    await lineIn(other, 0).waitFor();
    await isSaved(other);
    await correct(page, 0, 'One version');
    await isSaved();
    await correct(other, 1, 'Elsewhere');
    await isSaved(other);
    await correct(page, 2, 'One more');
    await isSaved();
    await correct(other, 2, 'Another version');
    const dialog = other.getByRole('dialog');
    await dialog.getByText('One more').waitFor();
    await dialog.getByText('Another version').waitFor();
    await dialog.getByRole('button', { name: 'Keep mine' }).click();
    await waitFor(async () => /One version[\s\S]*Elsewhere[\s\S]*Another version/.test((await textOf()).join('\n')), {
      what: 'both versions to be there',
    });
  });

  it('is shared by a link, to be read only, until that is revoked', async () => {
    await page.getByRole('button', { name: 'Share' }).click();
    const dialog = page.getByRole('dialog', { name: 'Share' });
    await dialog.getByRole('button', { name: 'Make a link' }).click();
    const address = new URL(await dialog.getByRole('textbox', { name: 'Link' }).inputValue());
    const guest = await Visitor.of(browser, service);
    const theirs = await guest.open(address.pathname.replace('/app', ''));
    await lineIn(theirs, 0).getByText(SAMPLE_TEXT).waitFor();
    expect(await theirs.getByRole('button', { name: /Correct|Undo/ }).count()).toBe(0);
    await dialog.getByRole('button', { name: 'Revoke' }).click();
    await dialog.getByRole('button', { name: 'Revoke' }).waitFor({ state: 'detached' });
    await theirs.reload();
    await theirs.getByText('The link no longer works', { exact: false }).waitFor();
    await guest.close();
  });

  it('copies the text, or some lines of it, with times and without', async () => {
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    await page.keyboard.press('c');
    const dialog = page.getByRole('dialog', { name: 'Copy the text' });
    await dialog.waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Copy', exact: true }).click();
    await dialog.getByText(`${LINES} lines copied`).waitFor();
    expect((await copied()).split('\n')).toHaveLength(LINES);
    expect(await copied()).toContain(SAMPLE_TEXT);
    await page.keyboard.press('Escape');
    await line(1).locator('p').first().click();
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('c');
    await dialog.getByLabel('With times').check();
    await dialog.getByRole('button', { name: 'Copy', exact: true }).click();
    await dialog.getByText('2 lines copied').waitFor();
    expect(await copied()).toMatch(/^0:0\d \S.*\n0:0\d \S.*$/);
    expect(visitor.complaints).toEqual([]);
  });

  it('is read aloud with what is heard lit, and dubbed as it was corrected', async () => {
    await correct(page, 0, 'Somebody else said this');
    await page.getByRole('button', { name: 'Read aloud or dub' }).click();
    const dialog = page.getByRole('dialog', { name: 'Read aloud or dub' });
    await dialog.getByLabel('Voice', { exact: true }).locator('optgroup').first().waitFor({ state: 'attached' });
    await dialog.getByRole('button', { name: 'Read aloud', exact: true }).click();
    const spoken = dialog.getByRole('region', { name: 'What is spoken' });
    await spoken.locator('span[aria-current="true"]').waitFor();
    expect(await spoken.textContent()).toContain('Somebody');
    await dialog.getByRole('button', { name: 'Dub', exact: true }).click();
    await spoken.waitFor({ state: 'detached' });
    const dubbed = dialog.getByRole('region', { name: 'The dub' });
    const player = dubbed.locator('audio');
    const { duration } = await client.library.get(itemId);
    await player.waitFor();
    await waitFor(() => player.evaluate((audio: HTMLAudioElement) => audio.duration > 0), { what: 'its length' });
    expect(await player.evaluate((audio: HTMLAudioElement) => audio.duration)).toBeGreaterThan((duration ?? 99) - 0.1);
    expect(await accessibilityFaults(page)).toEqual([]);
    const downloaded = page.waitForEvent('download');
    await dubbed.getByRole('link', { name: 'Download SRT' }).click();
    expect(await readFile(await (await downloaded).path(), 'utf8')).toContain('Somebody else said this');
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await forgetSpoken();
    expect(visitor.complaints).toEqual([]);
  });

  it('is dubbed into its video', async () => {
    const [sound, film] = [join(folder, 'talk.wav'), join(folder, 'film.webm')];
    await writeFile(sound, repeatedSample(1));
    await ffmpeg('-i', sound, ...'-f lavfi -i testsrc=size=160x120:rate=5 -shortest -c:v libvpx'.split(' '), film);
    const { job_id: filmId } = await client.submit(new File([await readFile(film)], 'film.webm'), { keep: true });
    await waitFor(async () => (await client.library.get(filmId)).status === 'completed', { what: 'the film' });
    await page.goto(`${service.url}/app/library/${filmId}`);
    await page.getByRole('button', { name: 'Read aloud or dub' }).click();
    const dialog = page.getByRole('dialog', { name: 'Read aloud or dub' });
    await dialog.getByLabel('Also into the video', { exact: false }).check();
    await dialog.getByRole('button', { name: 'Dub', exact: true }).click();
    const downloaded = page.waitForEvent('download');
    await dialog.getByRole('link', { name: 'Download the video' }).click();
    expect((await downloaded).suggestedFilename()).toBe('film.webm');
    expect(await accessibilityFaults(page)).toEqual([]);
    await forgetSpoken();
    await client.library.delete(filmId);
    expect(visitor.complaints).toEqual([]);
  });

  it('is laid beside another transcript of its recording, with what differs marked', async () => {
    const { job_id: otherId } = await client.submit({ itemId }, { keep: true, language: 'en' });
    await waitFor(async () => (await client.library.get(otherId)).status === 'completed', { what: 'the other item' });
    const operations = [{ type: 'replace_text' as const, segment: '1', from_word: 0, to_word: 1, text: 'Goodbye' }];
    await client.library.edit(otherId, { base_revision: 0, edits: [{ id: 'another-one', operations }] });
    await page.getByRole('button', { name: 'Compare' }).click();
    const dialog = page.getByRole('dialog', { name: 'Compare' });
    await dialog.getByLabel('Or compare with').selectOption(otherId);
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Compare', exact: true }).click();
    await page.getByText('1 word differs').waitFor();
    expect(await page.locator('ins').allTextContents()).toEqual(['Goodbye']);
    await page.keyboard.press('n');
    await page.locator('li[aria-current="true"]').getByText('Goodbye').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await accessibilityFaults(page)).toEqual([]);
    await client.library.delete(otherId);
    expect(visitor.complaints).toEqual([]);
  });

  it('is printed as a whole, without the page around it', async () => {
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('button', { name: 'Print or PDF' }).click();
    const print = page.getByRole('button', { name: 'Print or save as PDF' });
    await page.waitForFunction(() => document.querySelectorAll('article section').length > 0);
    await print.waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await accessibilityFaults(page)).toEqual([]);
    }
    await page.getByLabel('With times').check();
    await page.emulateMedia({ media: 'print' });
    expect(await print.isVisible()).toBe(false);
    expect(await page.getByRole('navigation').isVisible()).toBe(false);
    expect(await page.getByRole('article').textContent()).toMatch(/talk[\s\S]*0:00[\s\S]*hello world/);
    expect((await page.pdf()).subarray(0, 5).toString()).toBe('%PDF-');
    expect(visitor.complaints).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('can be used by everybody (%s)', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });
});
