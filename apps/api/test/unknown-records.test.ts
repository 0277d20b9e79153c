/** What clients see when records of a later build are about. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { ffmpeg, type Service, startService, temporaryFolder, UnknownRecords, waitFor } from '@sotto/testkit';
import { accepted, ended } from './support/jobs.ts';
import { expectError, send, transcribe } from './support/replies.ts';
import { phrase } from './support/speech.ts';

let service: Service;
let unknown: UnknownRecords;

beforeEach(async () => {
  service = await startService();
  unknown = new UnknownRecords(service.redis.client(), service.prefix);
});

afterEach(async () => {
  await service.close({ leftovers: true });
});

it('a worker that cannot be read makes nothing unready, and work goes on', async () => {
  await unknown.heartbeat();
  for (const path of ['/health/ready', '/health', '/models', '/metrics']) {
    expect({ path, status: (await send(service.url + path)).status }).toEqual({ path, status: 200 });
  }
  const id = await accepted(service.url, (await phrase(301)).bytes);
  expect(await ended(service.url, id)).toMatchObject({ status: 'completed' });
});

it('a job that cannot be read is missing in the list, and nothing else is', async () => {
  const id = await accepted(service.url, (await phrase(302)).bytes);
  const { requestId } = await unknown.run();
  await ended(service.url, id);
  const { status, json } = await send(`${service.url}/jobs`);
  expect({ status, ids: (json?.jobs as { job_id: string }[])?.map(({ job_id }) => job_id) }).toEqual({
    status: 200,
    ids: [id],
  });
  expectError(await send(`${service.url}/status/${requestId}`), 404, 'job_not_found');
});

it('what is to be told in a way that nobody here knows waits for who does', async () => {
  const member = await unknown.outboxEntry();
  const id = await accepted(service.url, (await phrase(303)).bytes);
  await ended(service.url, id);
  const outbox = `${service.prefix}:outbox:webhooks`;
  const known = `job_ended:${id}:1`;
  await service.redis.client().zadd(outbox, Date.now(), known);
  await service.redis.client().publish(`${service.prefix}:outbox`, '');
  const isRead = async () => (await service.redis.client().zscore(outbox, known)) === null;
  await waitFor(isRead, { what: 'the outbox to be read' });
  expect(await service.redis.client().zscore(outbox, member)).not.toBeNull();
});

it('a recording that workers of the build before cannot read waits until the last of them has gone', async () => {
  const { bytes } = await phrase(304);
  const folder = await temporaryFolder('upgrade');
  const [wav, aiff] = [join(folder, 'speech.wav'), join(folder, 'speech.aiff')];
  await writeFile(wav, bytes);
  await ffmpeg('-i', wav, aiff);
  const file = { bytes: await readFile(aiff), name: 'speech.aiff' };
  const gone = await unknown.previousWorker();
  const post = () => transcribe(service.url, file, { async: 'true' });
  await waitFor(async () => (await post()).status === 503, { what: 'the older worker to be seen' });
  expectError(await post(), 503, 'upgrading');
  await gone();
  await waitFor(async () => (await post()).status === 202, { what: 'it to be accepted' });
});
