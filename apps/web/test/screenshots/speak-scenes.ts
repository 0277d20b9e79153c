import { SottoClient } from '@sotto/client';
import type { Page } from 'playwright-core';
import { INTERVIEW } from './interview.ts';
import type { Scene } from './scene.ts';

/** Of text, as it is heard. */
const LIT = 'span[aria-current="true"]';

/** What was spoken before, with several voices, where they are there. */
async function speakLines(url: string): Promise<void> {
  const { speech } = new SottoClient({ baseUrl: url });
  const { voices } = await speech.voices();
  for (const [at, [, text]] of INTERVIEW.slice(0, 4).entries()) {
    const { body } = await speech.speak(text, { voice: voices[at % voices.length]?.id, name: text.split(/[.,?]/)[0] });
    await new Response(body).arrayBuffer();
  }
}

async function startToSpeak(page: Page): Promise<void> {
  await page.getByRole('region', { name: 'Use of voices' }).waitFor();
  await page.getByLabel('Text', { exact: true }).fill(INTERVIEW.map(([, text]) => text).join(' '));
  await page.getByRole('button', { name: 'Speak', exact: true }).click();
  await page.locator(LIT).first().waitFor();
}

export const SPEAK_SCENES: readonly Scene[] = [
  { name: 'speak', path: '/speak', prepare: speakLines, ready: startToSpeak },
  {
    name: 'speak-voices',
    path: '/speak',
    ready: async (page) => {
      await page.locator('canvas').waitFor();
      await page.getByText('Make a voice of a sample', { exact: true }).click();
      await page.getByRole('heading', { name: /^Your voices/ }).evaluate((heading) => heading.scrollIntoView());
    },
  },
  {
    name: 'speak-usage',
    path: '/speak',
    ready: async (page) => {
      await page.locator('canvas').waitFor();
      await page.getByRole('heading', { name: 'Use of voices' }).evaluate((heading) => heading.scrollIntoView());
    },
  },
];
