import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import {
  describeWith,
  linkModel,
  linkVoices,
  matchingParts,
  type Service,
  startService,
  waitFor,
} from '@sotto/testkit';
import type { Browser, Page } from 'playwright-core';
import { accessibilityFaults, installedChromium, openBrowser, Visitor } from './support/browser.ts';

jest.setTimeout(180_000);

const SENTENCES = ['This is the first sentence of a text.', 'The second one follows it.', 'And here it ends.'];
const LONG = Array.from({ length: 400 }, (_, index) => `Sentence number ${index} is one of very many.`).join(' ');

const SAMPLE =
  'I walked along the river until the sun went down, and then I went home again, where somebody had made a supper of bread and soup.';
const parts = await matchingParts();

/** Seconds of sound, as ffmpeg decodes it. */
function secondsOf(path: string): number {
  const options = '-hide_banner -nostdin -loglevel error -f s16le -ar 8000 -ac 1 pipe:1'.split(' ');
  const { stdout } = spawnSync('ffmpeg', ['-i', path, ...options], { maxBuffer: 2 ** 26 });
  return stdout.length / 2 / 8_000;
}

describeWith(installedChromium(), 'the page that speaks', (executable) => {
  let service: Service;
  let browser: Browser;
  let visitor: Visitor;
  let page: Page;
  beforeAll(async () => {
    browser = await openBrowser(executable);
    service = await startService({ roles: [['prepare', 'speak']] });
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close({ leftovers: true });
  });
  beforeEach(async () => {
    visitor = await Visitor.of(browser, service);
    page = await visitor.open('/speak');
  });
  afterEach(() => visitor.close());

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const spoken = () => page.getByRole('region', { name: 'What is spoken' });
  const start = async (text: string) => {
    await page.getByLabel('Text', { exact: true }).fill(text);
    await button('Speak').click();
  };
  const jobs = async () => {
    const { jobs: all } = (await (await fetch(`${service.url}/jobs?limit=50`)).json()) as {
      jobs: { status: string; file_name: string }[];
    };
    return all;
  };

  it('is heard while it is made, with what is said lit, and gives the sound and captions away', async () => {
    await page.getByLabel('Voice', { exact: true }).locator('optgroup').first().waitFor({ state: 'attached' });
    await start(SENTENCES.join(' '));
    const lit = spoken().locator('span[aria-current="true"]');
    const seen: string[] = [];
    await waitFor(
      async () => {
        const text = ((await lit.count()) === 0 ? '' : ((await lit.first().textContent()) ?? '')).trim();
        if (text !== '' && text !== seen.at(-1)) seen.push(text);
        return seen.join(' ').includes('ends');
      },
      { what: 'the last words to be heard', timeoutMs: 60_000, intervalMs: 30 },
    );
    const [first = ''] = seen;
    expect(SENTENCES.join(' ').startsWith(first)).toBe(true);
    expect(seen.length).toBeGreaterThan(1);
    await page.getByText('All of it is spoken', { exact: true }).waitFor();
    await waitFor(async () => (await lit.count()) === 0, { what: 'the end to be heard', timeoutMs: 30_000 });
    expect(await spoken().textContent()).toContain(SENTENCES[1]);
    const downloaded = async (name: string) => {
      const download = page.waitForEvent('download');
      await spoken().getByRole('link', { name, exact: true }).click();
      return (await download).path();
    };
    expect(secondsOf(await downloaded('Download MP3'))).toBeGreaterThan(4);
    expect(await readFile(await downloaded('Download SRT'), 'utf8')).toContain('first sentence');
    const history = page.getByRole('region', { name: 'Spoken before' });
    await history.getByText(/^This is the first sentence/).waitFor();
    const usage = page.getByRole('region', { name: 'Use of voices', exact: true });
    const figures = usage.getByRole('region', { name: 'By voice', exact: true }).getByRole('row');
    expect(await figures.nth(1).getByRole('cell').allTextContents()).toEqual([
      '1',
      String(SENTENCES.join('').length),
      expect.stringMatching(/^[4-9] s$/),
    ]);
    await usage.getByText('By day and voice', { exact: true }).click();
    await usage.getByRole('region', { name: 'By day and voice', exact: true }).getByRole('rowheader').waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await accessibilityFaults(page)).toEqual([]);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(visitor.complaints).toEqual([]);
  });

  it('lets a voice be heard before anything is written, which is no job', async () => {
    const before = await jobs();
    await page.getByLabel('Voice', { exact: true }).locator('optgroup').first().waitFor({ state: 'attached' });
    const answer = page.waitForResponse((response) => response.url().includes('/sample'));
    await button('Hear this voice').click();
    expect((await answer).status()).toBe(200);
    expect(await jobs()).toEqual(before);
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(visitor.complaints).toEqual([]);
  });

  it('can be paused and stopped, which stops the work; the next text stops the last one', async () => {
    await start(LONG);
    const lit = spoken().locator('span[aria-current="true"]');
    await lit.waitFor({ timeout: 60_000 });
    await button('Pause').click();
    const before = await lit.textContent();
    await page.clock.install();
    await page.clock.runFor(5_000);
    expect(await lit.textContent()).toBe(before);
    await button('Go on').click();
    await button('Stop').click();
    await page.getByText('Stopped', { exact: true }).waitFor();
    await waitFor(async () => (await jobs()).some(({ status }) => status === 'cancelled'), {
      what: 'the work to stop',
      timeoutMs: 20_000,
    });
  });

  it('takes a text file that is dropped, and says what a service refuses', async () => {
    const box = page.getByLabel('Text', { exact: true });
    await box.evaluate((element) => {
      const data = new DataTransfer();
      data.items.add(new File(['# Dropped text'], 'note.md', { type: 'text/plain' }));
      element.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    });
    await waitFor(async () => (await box.inputValue()) === '# Dropped text', { what: 'the text of the file' });
    expect(await page.getByLabel('Written as', { exact: true }).inputValue()).toBe('markdown');
    await start('... !!! ...');
    await spoken().getByRole('alert').waitFor({ timeout: 30_000 });
  });

  it('has the chapters of a text, which can be heard from there, and as a book', async () => {
    await page.getByLabel('Written as', { exact: true }).selectOption('markdown');
    await start('# The first\n\nIt begins here.\n\n# The second\n\nIt ends here.');
    const chapters = spoken().getByRole('list', { name: 'Chapters' });
    await chapters.getByText('The second', { exact: true }).waitFor({ timeout: 60_000 });
    expect(await chapters.getByRole('listitem').count()).toBe(2);
    await button('Hear “The second”').click();
    const heardAt = () =>
      spoken()
        .locator('audio')
        .evaluate((audio: HTMLAudioElement) => audio.currentTime);
    await waitFor(async () => (await heardAt()) > 1.5, { what: 'the second chapter to be heard' });
    expect(await accessibilityFaults(page)).toEqual([]);
    const download = page.waitForEvent('download');
    await spoken().getByRole('link', { name: 'Download M4B', exact: true }).click();
    expect((await readFile(await (await download).path())).subarray(4, 11).toString()).toBe('ftypM4B');
    expect(visitor.complaints).toEqual([]);
  });

  it('speaks a document that is picked, and can be written again when it is removed', async () => {
    const buffer = Buffer.from('1\n00:00:00,000 --> 00:00:02,000\nWords of a subtitle.\n');
    await page
      .getByLabel('Open a file', { exact: true })
      .last()
      .setInputFiles({ name: 'film.srt', mimeType: 'application/x-subrip', buffer });
    await page.getByText('film.srt', { exact: true }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await button('Speak').click();
    await page.getByText('All of it is spoken', { exact: true }).waitFor({ timeout: 60_000 });
    expect(((await spoken().textContent()) ?? '').replaceAll(/\s+/g, ' ')).toContain('Words of a subtitle.');
    expect((await jobs())[0]).toMatchObject({ status: 'completed', file_name: 'film.srt' });
    await button('Remove the file').click();
    await page.getByLabel('Text', { exact: true }).waitFor();
    expect(visitor.complaints).toEqual([]);
  });

  // The last one: with Kokoro's voices, the service speaks with these from then on.
  describeWith(parts, 'with Kokoro', ({ speakerModel, voices }) => {
    const own = () => page.getByRole('region', { name: 'Your voices' });
    const row = () => own().getByRole('listitem').filter({ hasText: 'Anna' });
    const spokenBy = async (voice: string, text: string) => {
      const body = JSON.stringify({ text, voice, response_format: 'wav' });
      const headers = { 'Content-Type': 'application/json' };
      const response = await fetch(`${service.url}/speak`, { method: 'POST', headers, body });
      expect(response.status).toBe(200);
      return { name: 'sound.wav', mimeType: 'audio/wav', buffer: Buffer.from(await response.arrayBuffer()) };
    };
    const ownOf = async () => {
      const { own: all = [] } = (await (await fetch(`${service.url}/voices`)).json()) as {
        own?: { id: string; job_id: string }[];
      };
      return all;
    };
    const fill = async (consent: Parameters<ReturnType<Page['getByLabel']>['setInputFiles']>[0]) => {
      await own().getByText('Make a voice of a sample', { exact: true }).click();
      await own().getByLabel('Name of the person', { exact: true }).fill('Anna');
      await own().getByLabel('Consent', { exact: true }).setInputFiles(consent);
      await own()
        .getByLabel('Sample', { exact: true })
        .setInputFiles(await spokenBy('am_michael', SAMPLE));
    };

    beforeAll(async () => {
      await linkModel(speakerModel, service.modelDir);
      await linkVoices(voices, service.modelDir);
      const isThere = async () => (await (await fetch(`${service.url}/voices`)).text()).includes('am_michael');
      await waitFor(isThere, { what: 'the voices', timeoutMs: 60_000 });
    });

    it('says what is wrong with a recording, which is not kept; one can be made in the page', async () => {
      await fill(await spokenBy('af_heart', SAMPLE));
      await own().getByRole('button', { name: 'Make the voice', exact: true }).click();
      await own().getByRole('alert').waitFor({ timeout: 60_000 });
      const alert = (await own().getByRole('alert').textContent()) ?? '';
      expect(alert).toMatch(/^The recording cannot be used.*is not the person/);
      expect(alert).not.toContain('HTTP');
      expect(await ownOf()).toEqual([]);
      const { data } = (await (await fetch(`${service.url}/v1/audio/voice_consents`)).json()) as { data: unknown[] };
      expect(data).toEqual([]);
      await own().getByRole('button', { name: 'Record from the microphone', exact: true }).first().click();
      await own().getByRole('button', { name: 'Finish the recording', exact: true }).click();
      await own()
        .getByText(/^\d{4}-\d\d-\d\d .*\.webm$/)
        .waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
    });

    it('makes a voice of a sample with a consent, shows how like it is, speaks with it, and deletes it', async () => {
      await fill(await spokenBy('am_michael', 'I agree that a voice is made of mine, and that it speaks.'));
      await own().getByRole('button', { name: 'Make the voice', exact: true }).click();
      await own().getByText('The voice is being made.', { exact: false }).waitFor({ timeout: 60_000 });
      await row()
        .getByText(/^Being made, \d+ %$/)
        .waitFor();
      // The search takes minutes: it is stopped, and its end is written as its worker does.
      const [made] = await ownOf();
      await fetch(`${service.url}/jobs/${made?.job_id}`, { method: 'DELETE' });
      const key = `${service.prefix}:own-voices:-`;
      const record = JSON.parse((await service.redis.client().hget(key, made?.id ?? '')) ?? '{}') as object;
      const nearest = { voice: 'am_michael', similarity: 0.31 };
      const mix = [{ voice: 'am_michael', share: 1 }];
      const matched = { engine: 'kokoro', mix, language: 'en-us', similarity: 0.42, nearest };
      await service.redis.client().hset(key, made?.id ?? '', JSON.stringify({ ...record, matched }));
      page = await visitor.open('/speak');
      await row().getByText('Likeness 0.42 of 1 (experimental; the nearest voice has 0.31)', { exact: true }).waitFor();
      await row().getByRole('button', { name: 'Hear', exact: true }).click();
      await page.getByText('All of it is spoken', { exact: true }).waitFor({ timeout: 60_000 });
      await page
        .getByLabel('Voice', { exact: true })
        .first()
        .selectOption(made?.id ?? '');
      await button('Hear this voice').click();
      await page.getByText('All of it is spoken', { exact: true }).waitFor({ timeout: 60_000 });
      expect(await page.getByRole('alert').count()).toBe(0);
      expect(await accessibilityFaults(page)).toEqual([]);
      await row().getByRole('button', { name: 'Delete', exact: true }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
      await row().waitFor({ state: 'detached' });
      expect(await ownOf()).toEqual([]);
      expect(await service.redis.client().exists(key)).toBe(0);
      expect(visitor.complaints).toEqual([]);
    });
  });
});
