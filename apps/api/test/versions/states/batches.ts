import { request } from 'node:http';
import { waitFor } from '@sotto/testkit';
import { Client, formOf } from '../client.ts';
import type { StateRecipe } from '../freeze.ts';
import { webhooks } from './webhooks.ts';

/** A batch of which two recordings of four are done, and one whose client was still sending. */
export const batches: StateRecipe = {
  name: 'batches',
  env: webhooks.env,
  workerEnv: { WHISPER_BATCH: '1' },
  workers: 1,
  play: async ({ service, receiver, recordings, jobs, known }) => {
    const client = new Client(service.url);
    const [clip, ...moreClips] = recordings.clips;
    const items = [...moreClips.slice(0, 2), ...recordings.talks.slice(0, 2)];
    const files = items.map(({ wav, name }) => ({ bytes: wav, name: `${name}.wav` }));
    const body = formOf(files, { webhook_url: receiver.url, response_format: 'text' });
    const batch = await client.json(202, '/batches', { method: 'POST', body });
    const accepted = batch.items as { job_id: string }[];
    for (const [i, { text, name }] of items.entries()) {
      jobs.push({ id: String(accepted[i]?.job_id), what: `${name} of a batch`, ends: 'completed', text });
    }
    Object.assign(known, { batch: String(batch.batch_id) });
    const coming = new URL(`${service.url}/batches`);
    if (clip !== undefined) beginToSend(coming, clip.wav);
    const half = async () => {
      const { counts } = await client.json(200, `/batches/${batch.batch_id}`);
      const open = await service.redis.client().zcard(`${service.prefix}:batches`);
      return (counts as { completed: number }).completed === 2 && open === 2;
    };
    await waitFor(half, { what: 'half of the batch to be done', timeoutMs: 30_000, intervalMs: 5 });
  },
};

/** The first file of two, and no end. */
function beginToSend(url: URL, wav: Buffer): void {
  const head =
    '--b\r\nContent-Disposition: form-data; name="file"; filename="1.wav"\r\nContent-Type: audio/wav\r\n\r\n';
  const next =
    '\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="2.wav"\r\nContent-Type: audio/wav\r\n\r\n';
  const sending = request(url, { method: 'POST', headers: { 'Content-Type': 'multipart/form-data; boundary=b' } });
  // Its server dies: that is what this is about.
  sending.on('error', () => {});
  sending.write(Buffer.concat([Buffer.from(head), wav, Buffer.from(next), wav.subarray(0, 10_000)]));
}
