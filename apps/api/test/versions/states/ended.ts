import { encodeWav, tone } from '@sotto/testkit';
import { Client } from '../client.ts';
import type { StateRecipe } from '../freeze.ts';

/** Jobs that have ended in every way there is. */
export const ended: StateRecipe = {
  name: 'ended',
  env: {},
  workers: 1,
  play: async ({ service, recordings, jobs, known }) => {
    const client = new Client(service.url);
    const [first, second] = recordings.clips;
    const [talk, shared] = recordings.talks;
    if (!first || !second || !talk || !shared) throw new Error('Too few recordings.');

    const done = await client.submit(first.wav);
    jobs.push({ id: done, what: 'a clip', ends: 'completed', text: first.text });
    const short = await client.submit(encodeWav(tone(20)));
    jobs.push({ id: short, what: 'too short', ends: 'failed', error: 'audio_too_short' });

    const cancelled = await client.submit(talk.wav);
    await client.json(200, `/jobs/${cancelled}`, { method: 'DELETE' });
    jobs.push({ id: cancelled, what: 'a talk that its only client gave up', ends: 'cancelled' });

    const [stays, leaves] = [await client.submit(shared.wav), await client.submit(shared.wav)];
    await client.json(200, `/jobs/${leaves}`, { method: 'DELETE' });
    jobs.push({ id: leaves, what: 'one of two clients, which gave it up', ends: 'cancelled' });
    jobs.push({ id: stays, what: 'the other of the two', ends: 'completed', text: shared.text });

    const forgotten = await client.submit(second.wav);
    for (const id of [done, short, stays, forgotten]) await client.ended(id);
    await client.ask(204, `/jobs/${forgotten}`, { method: 'DELETE' });
    known.forgotten = forgotten;
  },
};
