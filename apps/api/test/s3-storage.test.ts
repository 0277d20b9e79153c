import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { describeWith, filesUnder, S3Server, type Service, s3Software, startService, waitFor } from '@sotto/testkit';
import { accepted, ended, remove, statusOf } from './support/jobs.ts';
import { made, wav } from './support/media.ts';
import { recording } from './support/recordings.ts';
import { expectError, send, transcribe } from './support/replies.ts';
import { expectHeard, phrase } from './support/speech.ts';

jest.setTimeout(120_000);

describeWith(await s3Software(), 'recordings kept in S3', (software) => {
  let server: S3Server;
  let bucket: string;
  let service: Service;

  beforeAll(async () => {
    server = await S3Server.start(software);
    bucket = await server.createBucket();
    service = await startService({ env: { ...server.environment(bucket), S3_PREFIX: 'sotto' }, roles: [['prepare']] });
    await service.addWorker({}, ['transcribe']);
  });

  afterAll(async () => {
    await service?.close();
    await server?.close();
  });

  const isEmpty = () =>
    waitFor(async () => (await server.contentOf(bucket)).length === 0, { what: 'the bucket to be empty' });

  it('are transcribed by other processes, whatever their kind and size, and then deleted', async () => {
    const spoken = await phrase(31);
    const mp3 = await made('mp3', '-f', 'lavfi', '-i', 'sine=frequency=440:duration=2');
    const large = await made('wav', '-f', 'lavfi', '-i', 'anullsrc=r=48000:cl=stereo', '-t', '40');
    expect(large.length).toBeGreaterThan(7 * 1024 * 1024);
    const now = await transcribe(service.url, spoken);
    expect(now.status).toBe(200);
    expectHeard(String(now.json?.text), spoken.text);
    for (const bytes of [mp3, large]) {
      const reply = await transcribe(service.url, { bytes });
      expect(reply).toMatchObject({ status: 200, json: { text: '' } });
    }
    await isEmpty();
    expect(await filesUnder(service.blobFolder)).toEqual([]);
  });

  it('are deleted when their job is cancelled, and when they are refused', async () => {
    await Promise.all(service.workers.map(({ process }) => process.stop()));
    const id = await accepted(service.url, wav(3_000, 441));
    const kinds = (await server.contentOf(bucket)).map((key) => key.split('/')[1]);
    expect(kinds.sort()).toEqual(['manifests', 'uploads']);
    expect((await remove(service.url, id)).status).toBe(200);
    expect((await statusOf(service.url, id)).status).toBe('cancelled');
    expect(await server.contentOf(bucket)).toEqual([]);
    const text = Buffer.from('no sound at all '.repeat(1_000_000));
    expectError(await transcribe(service.url, { bytes: text }), 400, 'invalid_file_format');
    expect(await server.contentOf(bucket)).toEqual([]);
    await service.addWorker();
  });

  it('outlive a worker that is killed at work', async () => {
    const { wav: spoken, text } = await recording(33, 6);
    const id = await accepted(service.url, spoken);
    await waitFor(async () => (await statusOf(service.url, id)).stage !== 'queued', { what: 'the job to be taken' });
    await service.workers.at(-1)?.process.kill9();
    await service.addWorker();
    const { status, result } = await ended(service.url, id);
    expect(status).toBe('completed');
    expectHeard(String(result?.text), text);
    await isEmpty();
  });

  it('are refused with 503 while S3 does not answer', async () => {
    const health = await send(`${service.url}/health`);
    expect(health.json).toMatchObject({
      storage: { kind: 's3', writable: true, free_bytes: null, total_bytes: null },
    });
    await server.close();
    await waitFor(async () => (await send(`${service.url}/health/ready`)).status === 503, { what: 'not ready' });
    expectError(await transcribe(service.url, { bytes: wav() }), 503, 'storage_unavailable');
    expect((await send(`${service.url}/health`)).json).toMatchObject({ storage: { kind: 's3', writable: false } });
  });
});
