import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { filesUnder, type Service, startService, waitFor } from '@sotto/testkit';
import { accepted, ended, remove, statusOf } from './jobs.ts';
import { made, wav } from './media.ts';
import { recording } from './recordings.ts';
import { expectError, send, transcribe } from './replies.ts';
import { expectHeard, phrase } from './speech.ts';

/** A server of objects, and a place on it that is empty. */
export interface ObjectStorage {
  /** What an app needs to use it. */
  env: Record<string, string>;
  /** Names of what lies there, also of what never became whole. */
  content(): Promise<string[]>;
  close(): Promise<void>;
}

/** What a service does whose recordings are objects of a server, whatever it speaks. */
export function objectStorageContract(kind: 's3' | 'azure', open: () => Promise<ObjectStorage>): void {
  let objects: ObjectStorage;
  let service: Service;

  beforeAll(async () => {
    objects = await open();
    service = await startService({ env: objects.env, roles: [['prepare']] });
    await service.addWorker({}, ['transcribe']);
  });

  afterAll(async () => {
    await service?.close();
    await objects?.close();
  });

  const isEmpty = () => waitFor(async () => (await objects.content()).length === 0, { what: 'nothing to be left' });

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
    const kinds = (await objects.content()).map((key) => key.split('/')[1]);
    expect(kinds.sort()).toEqual(['manifests', 'uploads']);
    expect((await remove(service.url, id)).status).toBe(200);
    expect((await statusOf(service.url, id)).status).toBe('cancelled');
    expect(await objects.content()).toEqual([]);
    const text = Buffer.from('no sound at all '.repeat(1_000_000));
    expectError(await transcribe(service.url, { bytes: text }), 400, 'invalid_file_format');
    expect(await objects.content()).toEqual([]);
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

  it('are refused with 503 while it does not answer', async () => {
    const health = await send(`${service.url}/health`);
    expect(health.json).toMatchObject({
      storage: { kind, writable: true, free_bytes: null, total_bytes: null },
    });
    await objects.close();
    await waitFor(async () => (await send(`${service.url}/health/ready`)).status === 503, { what: 'not ready' });
    expectError(await transcribe(service.url, { bytes: wav() }), 503, 'storage_unavailable');
    expect((await send(`${service.url}/health`)).json).toMatchObject({ storage: { kind, writable: false } });
  });
}
