import { type Service, waitFor } from '@sotto/testkit';
import { Client } from '../client.ts';
import type { StateRecipe } from '../freeze.ts';
import { sendSamples } from './send-samples.ts';

/** A worker that was killed in the middle: windows done, at work and waiting, recordings that wait to be decoded. */
export const interrupted: StateRecipe = {
  name: 'interrupted',
  env: {},
  workerEnv: { WHISPER_BATCH: '1', PREPARE_CONCURRENCY: '1' },
  workers: 1,
  play: async (stage) => {
    const { service, recordings, jobs, known } = stage;
    const client = new Client(service.url);
    const [chained, ...talks] = recordings.talks;
    const long = talks.pop();
    if (chained === undefined || long === undefined) throw new Error('Too few recordings.');
    const options = { language: 'en', condition_on_previous_text: 'true' };
    // Told the text of the window before, this model misses some words: it is what it understands that must come again.
    const undisturbed = await client.submit(chained.wav, { ...options, cache: 'false' });
    const { text: understood } = (await client.ended(undisturbed)).result as { text: string };
    await client.ask(204, `/jobs/${undisturbed}`, { method: 'DELETE' });
    const longId = await client.submit(long.wav);
    jobs.push({ id: longId, what: 'a talk of many windows', ends: 'completed', text: long.text });
    const chainedId = await client.submit(chained.wav, options);
    jobs.push({ id: chainedId, what: 'windows one after the other', ends: 'completed', text: understood });
    await waitFor(
      async () => (await windowsOf(service, longId)).done >= 2 && (await windowsOf(service, chainedId)).done >= 1,
      { what: 'some windows to be done', timeoutMs: 60_000, intervalMs: 5 },
    );
    await Promise.all(talks.map((talk) => sendSamples(stage, client, talk)));
    await waitFor(async () => (await waitingToBePrepared(service)) > 0, {
      what: 'one to wait',
      timeoutMs: 2_000,
      intervalMs: 1,
    });
    for (const id of [longId, chainedId]) {
      const { done, total } = await windowsOf(service, id);
      if (done >= total) throw new Error(`All ${total} windows of ${id} were done already.`);
    }
    Object.assign(known, { run: await runOf(service, longId), windowsLeft: await windowsLeft(service, longId) });
  },
};

async function runOf({ redis, prefix }: Service, jobId: string): Promise<string> {
  return String(await redis.client().hget(`${prefix}:request:${jobId}`, 'runId'));
}

async function windowsOf(service: Service, jobId: string): Promise<{ done: number; total: number }> {
  const run = `${service.prefix}:run:${await runOf(service, jobId)}`;
  const [done, total] = await service.redis.client().hmget(run, 'windowsDone', 'windowsTotal');
  return { done: Number(done), total: Number(total) };
}

/** Numbers of those that have no result yet. */
async function windowsLeft(service: Service, jobId: string): Promise<string> {
  const { total } = await windowsOf(service, jobId);
  const done = await service.redis.client().hkeys(`${service.prefix}:run:${await runOf(service, jobId)}:windows`);
  const all = Array.from({ length: total }, (_, index) => String(index));
  return all.filter((index) => !done.includes(index)).join(',');
}

const waitingToBePrepared = ({ redis, prefix }: Service): Promise<number> =>
  redis.client().zcard(`${prefix}:preparations:prioritized`);
