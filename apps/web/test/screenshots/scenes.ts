import { SottoClient } from '@sotto/client';
import { repeatedSample } from '../support/speech.ts';
import { INTERVIEW, NAMES } from './interview.ts';
import { OPERATOR_SCENES } from './operator-scenes.ts';
import type { Scene } from './scene.ts';

let interviewId = '';

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
  await tellInterview(client);
  await client.library.createFolder({ name: 'Radio' });
  await client.library.createFolder({ name: 'Meetings' });
}

async function tellInterview(client: SottoClient): Promise<void> {
  const { segments } = await client.library.transcript(interviewId);
  const operations = segments.flatMap(({ id, words }, at) => {
    const [speaker, text] = INTERVIEW[at] ?? [0, ''];
    // Some words stay as the model heard them.
    return [
      { type: 'replace_text' as const, segment: id, from_word: 0, to_word: words.length, text: ` ${text}` },
      { type: 'set_speaker' as const, segments: [id], speaker },
    ];
  });
  const names = NAMES.map((name, speaker) => ({ type: 'rename_speaker' as const, speaker, name }));
  await client.library.edit(interviewId, {
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
  ...OPERATOR_SCENES,
  { name: 'settings', path: '/settings', ready: (page) => page.getByText(/^Sotto \d/).waitFor() },
];
