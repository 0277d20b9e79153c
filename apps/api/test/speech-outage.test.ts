/** @long */
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { wireAcceptedSchema, wireSpeechSchema } from '@sotto/contracts';
import { type Service, startService, waitFor } from '@sotto/testkit';
import { ended, statusOf } from './support/jobs.ts';
import { speak } from './support/spoken.ts';

jest.setTimeout(300_000);

/** Of 250 sentences, each a program of its own, beside other tests. */
const SPOKEN_WITHIN_MS = 90_000;

let service: Service;
beforeEach(async () => {
  service = await startService({ roles: [['prepare', 'speak']] });
});
afterEach(() => service?.close({ leftovers: true }));

const TEXT = Array.from({ length: 250 }, (_, i) => `Sentence ${i + 1} of a text that outlives much.`).join(' ');

const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());
const wavOf = async (id: string) => bytesOf(await fetch(`${service.url}/jobs/${id}/result?format=wav`));

async function begun(): Promise<string> {
  const response = await speak(service.url, { text: TEXT, async: true, cache: false });
  const { job_id: id } = wireAcceptedSchema.parse(await response.json());
  await waitFor(async () => (await statusOf(service.url, id)).stage === 'speaking', {
    what: 'the first piece',
    intervalMs: 5,
  });
  return id;
}

async function expectWhole(id: string): Promise<void> {
  expect(await ended(service.url, id, SPOKEN_WITHIN_MS)).toMatchObject({ status: 'completed' });
  const told = wireSpeechSchema.parse(await (await fetch(`${service.url}/jobs/${id}/result?format=json`)).json());
  expect(told.pieces.map(({ text }) => text).join(' ')).toBe(TEXT);
}

it('is spoken to its end when Redis freezes in the middle, and when it starts again', async () => {
  const undisturbed = await begun();
  await expectWhole(undisturbed);
  const frozen = await begun();
  service.redis.freeze();
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  service.redis.thaw();
  await expectWhole(frozen);
  const restarted = await begun();
  await service.redis.keepOnDisk();
  await service.redis.kill9();
  await service.redis.restart();
  await expectWhole(restarted);
  const sound = await wavOf(undisturbed);
  expect((await wavOf(frozen)).equals(sound)).toBe(true);
  expect((await wavOf(restarted)).equals(sound)).toBe(true);
});

it('is refused at once while Redis is away, and nothing is left of it', async () => {
  await service.redis.kill9();
  const response = await speak(service.url, { text: 'Hello.' });
  expect(response.status).toBe(503);
  expect(((await response.json()) as { error: string }).error).toBe('queue_unavailable');
  await service.redis.restart();
  await waitFor(async () => (await speak(service.url, { text: 'Hello.' })).status === 200, {
    what: 'speech',
    timeoutMs: 30_000,
  });
});
