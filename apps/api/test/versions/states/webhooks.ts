import { waitFor } from '@sotto/testkit';
import { Client } from '../client.ts';
import type { StateRecipe } from '../freeze.ts';

/** Webhooks: one delivered, one that waits for its second try, one still in the outbox. */
export const webhooks: StateRecipe = {
  name: 'webhooks',
  env: {
    WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
    ALLOWED_NETWORKS: '127.0.0.1',
    WEBHOOK_RETRY_DELAY: '3',
  },
  workers: 1,
  play: async ({ service, receiver, recordings, jobs, known }) => {
    const client = new Client(service.url);
    const [first, second] = recordings.clips;
    if (first === undefined || second === undefined) throw new Error('Too few recordings.');
    const send = async ({ wav, text }: { wav: Buffer; text: string }, what: string) => {
      const id = await client.submit(wav, { webhook_url: receiver.url });
      jobs.push({ id, what, ends: 'completed', text });
      return id;
    };
    const called = (times: number) =>
      waitFor(() => receiver.calls.length === times, { what: `${times} webhooks`, timeoutMs: 30_000 });
    const delivered = await send(first, 'its webhook is delivered');
    await called(1);
    receiver.answer({ status: 503 });
    const retried = await send(second, 'its webhook was not taken, and is due again');
    await called(2);
    const attempted = async () => {
      const { attempts } = await client.json(200, `/jobs/${retried}/webhooks`);
      return (attempts as unknown[]).length === 1;
    };
    await waitFor(attempted, { what: 'the try to be on record' });
    await service.workers[0]?.process.kill9();
    const due = await send(first, 'joined a finished run; its webhook is in the outbox');
    Object.assign(known, { delivered, retried, due });
  },
};
