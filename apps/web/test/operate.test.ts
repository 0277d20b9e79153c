import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { SottoClient } from '@sotto/client';
import { describeWith, REPOSITORY, type Service, startService } from '@sotto/testkit';
import type { Browser, Page } from 'playwright-core';
import { brokenFilm } from './support/broken-film.ts';
import { accessibilityFaults, installedChromium, openBrowser, Visitor } from './support/browser.ts';

jest.setTimeout(180_000);

const SAMPLE = join(REPOSITORY, 'apps/cli/assets/sample-nano.wav');
/** With what is to be seen of each once it has its data. */
const SECTIONS = {
  '': 'Of the last job that failed.',
  jobs: 'first.wav',
  workers: 'Drain',
  models: 'Installed',
  keys: 'No keys yet',
  usage: 'By day',
  webhooks: 'No webhooks',
  audit: '127.0.0.1',
};
const PHONE = { width: 390, height: 844 };

const recording = (name: string) => new File([readFileSync(SAMPLE)], name);

describeWith(installedChromium(), 'the pages of operators', (executable) => {
  let service: Service;
  let client: SottoClient;
  let browser: Browser;
  let visitor: Visitor;
  let page: Page;
  beforeAll(async () => {
    [service, browser] = await Promise.all([startService(), openBrowser(executable)]);
    client = new SottoClient({ baseUrl: service.url });
    await client.transcribe(recording('first.wav'));
    await expect(client.transcribe(brokenFilm('broken.mp4'))).rejects.toMatchObject({ code: 'undecodable_media' });
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close({ leftovers: true });
  });
  beforeEach(async () => {
    visitor = await Visitor.of(browser, service);
  });
  afterEach(async () => {
    await visitor.close();
  });

  const row = (text: string) => page.getByRole('listitem').filter({ hasText: text });
  const confirm = (action: string) => page.getByRole('dialog').getByRole('button', { name: action }).click();

  it.each(['light', 'dark'] as const)('can be used by everybody (%s)', async (colorScheme) => {
    page = await visitor.open('/operate');
    await page.emulateMedia({ colorScheme });
    for (const [section, text] of Object.entries(SECTIONS)) {
      await visitor.open(`/operate/${section}`);
      await page.getByText(text).first().waitFor();
      expect([section, await accessibilityFaults(page)]).toEqual([section, []]);
      await page.setViewportSize(PHONE);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect([section, width <= PHONE.width]).toEqual([section, true]);
      await page.setViewportSize({ width: 1280, height: 800 });
    }
    expect(visitor.complaints).toEqual([]);
  });

  it('have a worker take nothing new, raise a job and cancel it', async () => {
    page = await visitor.open('/operate/workers');
    await page.getByRole('button', { name: 'Drain' }).click();
    await page.getByText('It has nothing left to do').waitFor();
    const { job_id: id } = await client.submit(recording('later.wav'), { priority: 'batch', cache: false });
    await page.getByRole('link', { name: 'Jobs', exact: true }).click();
    await row('later.wav').getByRole('button', { name: 'Put first' }).click();
    await row('later.wav').getByText('Interactive').waitFor();
    await row('later.wav').getByRole('button', { name: 'Cancel' }).click();
    await confirm('Cancel the job');
    await row('later.wav').getByText('Cancelled').waitFor();
    expect(await client.status(id)).toMatchObject({ status: 'cancelled' });
    await page.getByRole('link', { name: 'Workers' }).click();
    await page.getByRole('button', { name: 'Take jobs again' }).click();
    await page.getByText('Ready', { exact: true }).waitFor();
  });

  it('make a key, show its secret once, change it and revoke it', async () => {
    page = await visitor.open('/operate/keys');
    await page.getByRole('button', { name: 'Create a key' }).click();
    await page.getByLabel('Name').fill('<b>Anna</b>');
    await page.getByLabel('Minutes a day').fill('60');
    await page.getByRole('button', { name: 'Save' }).click();
    const secret = String(await page.locator('code').textContent());
    await page.getByRole('button', { name: 'I have it' }).click();
    await page.getByText(secret).waitFor({ state: 'detached' });
    await row('<b>Anna</b>').getByText('Minutes a day: 60').waitFor();
    await row('<b>Anna</b>').getByRole('button', { name: 'Change' }).click();
    await page.getByLabel('Minutes a day').fill('');
    await page.getByRole('button', { name: 'Save' }).click();
    await row('<b>Anna</b>').getByText('no limits of its own').waitFor();
    await row('<b>Anna</b>').getByRole('button', { name: 'Revoke' }).click();
    await confirm('Revoke');
    await row('<b>Anna</b>').getByText('Revoked').waitFor();
    expect(await client.admin.keys()).toMatchObject([{ name: '<b>Anna</b>', status: 'revoked' }]);
  });

  it('verify a model, and refuse to remove the one that is needed', async () => {
    page = await visitor.open('/operate/models');
    await row('sotto-nano').getByRole('button', { name: 'Verify' }).click();
    await row('Verify sotto-nano').getByText('done', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Remove' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Audit log' }).click();
    await page.getByRole('cell', { name: 'sotto-nano' }).waitFor();
  });

  it('are for operators only', async () => {
    const closed = await service.addApi({
      ENABLE_API_KEY: 'true',
      ADMIN_API_KEY: 'the key of operators',
      DASHBOARD_WRITABLE: 'true',
    });
    const { key } = await client.admin.createKey({ name: 'Ben' });
    const opened = await Visitor.of(browser, closed);
    const signIn = async (secret: string) => {
      const status = await opened.page.evaluate(
        async (body) =>
          (await fetch('/auth/session', { method: 'POST', headers: { 'content-type': 'application/json' }, body }))
            .status,
        JSON.stringify({ key: secret }),
      );
      expect(status).toBe(200);
      await opened.open('/operate');
    };
    await opened.open('/operate');
    await opened.page.getByLabel('API key').waitFor();
    await signIn(key);
    await opened.page.getByText('Only operators see this').waitFor();
    expect(await opened.page.getByRole('link', { name: 'Operate' }).count()).toBe(0);
    await signIn('the key of operators');
    await opened.page.getByRole('link', { name: 'Audit log' }).click();
    await opened.page.getByRole('cell', { name: 'session.create' }).first().waitFor();
    await opened.open('/operate');
    await opened.page.getByRole('link', { name: 'Queue dashboard' }).click();
    await opened.page.getByText('Sotto queues').first().waitFor();
    const paused = await opened.page.evaluate(
      async () => (await fetch('/admin/queues/api/queues/windows/pause', { method: 'PUT' })).status,
    );
    expect(paused).toBe(200);
    await opened.close();
  });
});
