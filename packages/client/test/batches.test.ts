import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { WireBatch } from '@sotto/contracts';
import { encodeWav, type Service, speak, startService } from '@sotto/testkit';
import { strFromU8, unzipSync } from 'fflate';
import { SottoClient, type UploadProgress } from '../src/index.ts';

jest.setTimeout(60_000);

const FIRST = 'hello world one two three';
const SECOND = 'one two three four five';

let service: Service;
let client: SottoClient;
let first: Uint8Array<ArrayBuffer>;
let second: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  const spoken = async (text: string) =>
    new Uint8Array(encodeWav((await speak(text, { voice: 'en-us', speed: 130 })).samples));
  first = await spoken(FIRST);
  second = await spoken(SECOND);
  service = await startService({ workers: 0 });
  client = new SottoClient({ baseUrl: service.url });
});
afterAll(() => service?.close());

describe('a batch', () => {
  it('is cancelled while nothing is done, then deleted', async () => {
    const { batch_id: id, counts } = await client.batches.create([new File([first], 'a.wav')]);
    expect(counts).toMatchObject({ total: 1, queued: 1 });
    await expect(client.batches.results(id)).rejects.toMatchObject({ code: 'job_not_finished' });
    const giveUp = AbortSignal.timeout(100);
    await expect(client.batches.wait(id, { signal: giveUp })).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(await client.batches.cancel(id)).toMatchObject({ status: 'cancelled', counts: { cancelled: 1 } });
    expect((await client.batches.wait(id)).status).toBe('cancelled');
    expect(await client.batches.cancel(id)).toBeNull();
    await expect(client.batches.get(id)).rejects.toMatchObject({ code: 'batch_not_found' });
  });

  it('takes files, streams and finished uploads, tells how far it is, and gives all results as one archive', async () => {
    await service.addWorker();
    const stored = await client.uploads.send(new File([second], 'c.wav'));
    const progress: UploadProgress[] = [];
    const stream = { name: 'b.wav', bytes: second.length, stream: () => new Blob([second]).stream() };
    const sources = [new File([first], 'a.wav'), stream, stored, new File(['no recording'], 'd.wav')];
    const begun = await client.batches.create(
      sources,
      { language: 'en', responseFormat: 'srt' },
      { onUploadProgress: (one) => progress.push(one) },
    );
    const total = first.length + second.length + 'no recording'.length;
    expect(progress.at(-1)).toEqual({ sentBytes: total, totalBytes: total });
    // Files before what is only named.
    expect(begun.items.map(({ file_name: name }) => name)).toEqual(['a.wav', 'b.wav', 'd.wav', 'c.wav']);
    expect(begun.items[2]).toMatchObject({ status: 'failed', error: 'invalid_file_format' });

    const seen: WireBatch[] = [];
    const batch = await client.batches.wait(begun.batch_id, { onBatch: (one) => seen.push(one) });
    expect(batch).toMatchObject({ status: 'completed', counts: { total: 4, completed: 3, failed: 1 } });
    expect(seen.at(-1)).toEqual(batch);

    const texts = unzipSync(await client.batches.results(batch.batch_id, 'text'));
    const { 'errors.json': errors, ...results } = texts;
    expect(Object.entries(results).map(([name, text]) => [name, strFromU8(text).trim()])).toEqual([
      ['a.txt', FIRST],
      ['b.txt', SECOND],
      ['c.txt', SECOND],
    ]);
    expect(strFromU8(errors ?? new Uint8Array())).toContain('d.wav');
    const captions = unzipSync(await client.batches.results(batch.batch_id, undefined, { maxLineWidth: 12 }));
    expect(strFromU8(captions['a.srt'] ?? new Uint8Array()).split('\n')).toContain('hello world');

    await expect(client.submit(stored)).rejects.toMatchObject({ code: 'upload_used' });
    expect(await client.batches.webhook(batch.batch_id)).toMatchObject({ state: 'none', attempts: [] });
    await expect(client.batches.replayWebhook(batch.batch_id)).rejects.toMatchObject({ code: 'no_webhook' });
    await client.batches.cancel(batch.batch_id);
  });

  it('of nothing that can be taken is refused with the reason they have in common, each in `items`', async () => {
    const creating = client.batches.create([{ uploadId: 'nobody-knows' }, { uploadId: 'nor-this' }]);
    await expect(creating).rejects.toMatchObject({
      code: 'upload_not_found',
      fields: { items: [{ index: 0, error: 'upload_not_found' }, { index: 1 }] },
    });
    await expect(client.batches.create([])).rejects.toMatchObject({ code: 'file_missing' });
  });
});
