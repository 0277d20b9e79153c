import { SottoClient } from '@sotto/client';
import type { Page } from 'playwright-core';
import { brokenFilm } from '../support/broken-film.ts';
import type { Scene } from './scene.ts';

const shows = (text: string | RegExp) => (page: Page) => page.getByText(text).first().waitFor();

const showsChart = (page: Page) => page.locator('canvas').waitFor();

/** What operators find: keys with limits, models at work. The scenes before have left jobs. */
async function makeKeys(url: string): Promise<void> {
  const client = new SottoClient({ baseUrl: url });
  const { admin } = client;
  await client.transcribe(brokenFilm('Opening night.mp4')).catch(() => {});
  await admin.createKey({ name: 'Newsroom', audio_minutes_per_day: 600, concurrent_jobs: 20 });
  await admin.createKey({ name: 'Archive', scopes: ['transcribe', 'read'], audio_minutes_per_month: 12_000 });
  const { id } = await admin.createKey({ name: 'Trial of last summer' });
  await admin.revokeKey(id);
  await admin.verifyModel('sotto-nano');
}

/** Somebody has read and rated the interview. */
async function rateItems(url: string): Promise<void> {
  const { library } = new SottoClient({ baseUrl: url });
  const [first, second] = (await library.list()).items.filter(({ status }) => status === 'completed');
  if (first) await library.giveFeedback(first.id, { rating: 'up', note: 'Every name was right.' });
  if (second) await library.giveFeedback(second.id, { rating: 'down', note: 'Two voices became one after the break.' });
}

export const OPERATOR_SCENES: readonly Scene[] = [
  { name: 'operate', path: '/operate', prepare: makeKeys, ready: showsChart },
  { name: 'operate-jobs', path: '/operate/jobs', ready: shows('Board meeting, second part.wav') },
  { name: 'operate-workers', path: '/operate/workers', ready: shows('Drain') },
  { name: 'operate-models', path: '/operate/models', ready: shows('Verify sotto-nano') },
  {
    name: 'operate-keys',
    path: '/operate/keys',
    ready: async (page) => {
      await page.getByRole('button', { name: 'Create a key' }).click();
      await page.getByLabel('Name').fill('Podcast team');
      await page.getByText('Trial of last summer').waitFor();
    },
  },
  { name: 'operate-usage', path: '/operate/usage', ready: showsChart },
  { name: 'operate-webhooks', path: '/operate/webhooks', ready: shows('No webhooks') },
  { name: 'operate-feedback', path: '/operate/feedback', prepare: rateItems, ready: shows('Every name was right.') },
  {
    name: 'operate-audit',
    path: '/operate/audit',
    ready: (page) => page.getByRole('cell', { name: 'key.create' }).first().waitFor(),
  },
];
