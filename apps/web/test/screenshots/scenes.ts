import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SottoClient } from '@sotto/client';
import { REPOSITORY } from '@sotto/testkit';
import { OPERATOR_SCENES } from './operator-scenes.ts';
import type { Scene } from './scene.ts';

const SAMPLE = join(REPOSITORY, 'apps/cli/assets/sample-nano.wav');

async function transcribeSample(url: string): Promise<void> {
  const client = new SottoClient({ baseUrl: url });
  const names = ['Interview with the architect.wav', 'Board meeting, second part.wav'];
  for (const name of names) await client.transcribe(new File([readFileSync(SAMPLE)], name));
  await client.transcribe(new File(['no sound at all'], 'Notes.txt')).catch(() => {});
}

export const SCENES: readonly Scene[] = [
  {
    name: 'transcribe-empty',
    path: '/transcribe',
    ready: (page) => page.getByRole('button', { name: 'Transcribe the sample' }).waitFor(),
  },
  {
    name: 'transcribe',
    path: '/transcribe',
    prepare: transcribeSample,
    ready: async (page) => {
      await page.getByRole('button', { name: 'Read' }).first().click();
      await page.getByRole('button', { name: 'Copy the text' }).waitFor();
    },
  },
  ...OPERATOR_SCENES,
  { name: 'settings', path: '/settings', ready: (page) => page.getByText(/^Sotto \d/).waitFor() },
];
