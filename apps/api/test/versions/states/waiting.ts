import { waitFor } from '@sotto/testkit';
import { Client } from '../client.ts';
import type { Stage, StateRecipe } from '../freeze.ts';
import { sendSamples } from './send-samples.ts';

/** Accepted work that no worker has seen yet. Nobody has told what the default model is either. */
export const waiting: StateRecipe = {
  name: 'waiting',
  env: {},
  workers: 0,
  play: async (stage) => {
    const { service, recordings, jobs } = stage;
    const client = new Client(service.url);
    const [first, second, third] = recordings.clips.map(({ wav, text }) => ({ wav, text }));
    const [talk, samples] = recordings.talks;
    if (!first || !second || !third || !talk || !samples) throw new Error('Too few recordings.');
    for (const what of ['a clip', 'the same clip again: both share a run']) {
      jobs.push({ id: await client.submit(first.wav), what, ends: 'completed', text: first.text });
    }
    const options = { priority: 'batch', response_format: 'srt', cache: 'false', language: 'en' };
    const id = await client.submit(second.wav, options);
    jobs.push({ id, what: 'a clip that steps back', ends: 'completed', text: second.text });
    const talkId = await client.submit(talk.wav);
    jobs.push({ id: talkId, what: 'a talk', ends: 'completed', text: talk.text });
    await sendSamples(stage, client, samples);
    await waitAtTheLine(stage, client, third);
  },
};

/** A client that waits for its text when everything dies. */
async function waitAtTheLine({ jobs }: Stage, client: Client, { wav, text }: { wav: Buffer; text: string }) {
  void client.transcribe(wav).catch(() => {});
  const id = await waitFor(
    async () => {
      const { jobs: listed } = await client.json(200, '/jobs');
      return (listed as { job_id: string }[])
        .map(({ job_id }) => job_id)
        .find((one) => !jobs.some((job) => job.id === one));
    },
    { what: 'the job of a client that waits' },
  );
  jobs.push({ id, what: 'a clip whose client waits for its text', ends: 'completed', text });
}
