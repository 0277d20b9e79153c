import { SottoClient } from '@sotto/client';
import { repeatedSample } from '../support/speech.ts';
import { INTERVIEW, NAMES, type Spoken } from './interview.ts';
import { LIVE_SCENES } from './live-scenes.ts';
import { OPERATOR_SCENES } from './operator-scenes.ts';
import type { Scene } from './scene.ts';
import { SPEAK_SCENES } from './speak-scenes.ts';

let interviewId = '';
let otherId = '';

/** Three recordings, one of them with a text worth reading. */
async function fill(url: string): Promise<void> {
  const client = new SottoClient({ baseUrl: url });
  const wav = (name: string, times: number) => new File([repeatedSample(times)], name);
  await client.transcribe(wav('Board meeting, second part.wav', 3), { keep: true });
  await client.transcribe(wav('Voice memo.wav', 1), { keep: true });
  await client.submit(new File(['no sound at all'], 'Notes.txt'), { keep: true }).catch(() => {});
  const { jobId } = await client.transcribe(wav('Interview with the architect.wav', INTERVIEW.length), { keep: true });
  interviewId = String(jobId);
  await client.library.change(interviewId, { title: 'Interview with the architect', tags: ['interview', 'draft'] });
  await tellInterview(client, interviewId, INTERVIEW);
  otherId = String((await client.transcribe({ itemId: interviewId }, { keep: true })).jobId);
  await client.library.change(otherId, { title: 'Interview with the architect, again' });
  await tellInterview(client, otherId, INTERVIEW.map(misheard));
  await client.library.createFolder({ name: 'Radio' });
  await client.library.createFolder({ name: 'Meetings' });
}

/** As another model might have heard it. */
const misheard = ([speaker, text]: Spoken): Spoken => [
  speaker,
  text.replace('narrow', 'arrow').replace('a chair, and light', 'chair and a light').replace('Nobody.', 'No body'),
];

async function tellInterview(client: SottoClient, itemId: string, lines: readonly Spoken[]): Promise<void> {
  const { segments } = await client.library.transcript(itemId);
  const operations = segments.flatMap(({ id, words }, at) => {
    const [speaker, text] = lines[at] ?? [0, ''];
    // Some words stay as the model heard them.
    return [
      { type: 'replace_text' as const, segment: id, from_word: 0, to_word: words.length, text: ` ${text}` },
      { type: 'set_speaker' as const, segments: [id], speaker },
    ];
  });
  const names = NAMES.map((name, speaker) => ({ type: 'rename_speaker' as const, speaker, name }));
  await client.library.edit(itemId, {
    base_revision: 0,
    edits: [{ id: 'screenshots', operations: [...operations, ...names] }],
  });
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
    prepare: fill,
    ready: (page) => page.getByRole('link', { name: /^Open/ }).first().waitFor(),
  },
  {
    name: 'library',
    path: '/library',
    ready: (page) => page.getByRole('link', { name: 'Interview with the architect' }).waitFor(),
  },
  {
    name: 'library-filter',
    path: '/library?status=completed',
    ready: (page) => page.getByLabel('Speaker, by name').waitFor(),
  },
  {
    name: 'library-archive',
    path: '/library',
    ready: async (page) => {
      await page.getByRole('button', { name: 'Export and import' }).click();
      await page.getByRole('button', { name: 'Import a file' }).waitFor();
    },
  },
  {
    name: 'library-search',
    path: '/library?q=light',
    ready: (page) => page.locator('mark').first().waitFor(),
  },
  {
    name: 'reader',
    path: () => `/library/${interviewId}?at=9`,
    ready: async (page) => {
      await page.getByText(INTERVIEW[0]?.[1].slice(0, 12) ?? '').waitFor();
      await page.waitForFunction(() => document.fonts.status === 'loaded');
    },
  },
  {
    name: 'comparison',
    path: () => `/library/${interviewId}/compare/${otherId}`,
    ready: (page) => page.locator('ins').first().waitFor(),
  },
  {
    name: 'print',
    path: () => `/library/${interviewId}/print`,
    ready: (page) => page.getByText(INTERVIEW[0]?.[1].slice(0, 12) ?? '').waitFor(),
  },
  ...SPEAK_SCENES,
  ...LIVE_SCENES,
  ...OPERATOR_SCENES,
  { name: 'settings', path: '/settings', ready: (page) => page.getByText(/^Sotto \d/).waitFor() },
];
