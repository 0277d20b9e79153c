import { waitFor } from '@sotto/testkit';
import { type Client, formOf } from '../client.ts';
import type { Stage } from '../freeze.ts';
import type { SpokenRecording } from '../recordings.ts';

const HEADER_BYTES = 44;

/** Bare samples, as Bazarr sends them: too large to be prepared in passing. Its client waits when everything dies. */
export async function sendSamples(
  { jobs }: Stage,
  client: Client,
  { name, wav, text }: SpokenRecording,
): Promise<void> {
  const samples = wav.subarray(HEADER_BYTES);
  const body = formOf([{ bytes: samples, name: `${name}.pcm`, field: 'audio_file' }]);
  const path = `/asr?encode=false&language=en&video_file=${name}.mkv`;
  void client.ask(200, path, { method: 'POST', body }).catch(() => {});
  const id = await waitFor(async () => idOf(await client.json(200, '/jobs'), `${name}.mkv`), {
    what: `the job of ${name}`,
    intervalMs: 2,
  });
  jobs.push({ id, what: `${name}, as bare samples`, ends: 'completed', text });
}

function idOf({ jobs }: Record<string, unknown>, fileName: string): string | undefined {
  return (jobs as { job_id: string; file_name: string }[]).find(({ file_name }) => file_name === fileName)?.job_id;
}
