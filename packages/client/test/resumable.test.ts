import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  BrokenLine,
  concat,
  encodeWav,
  pause,
  type Service,
  speak,
  startService,
  temporaryFolder,
} from '@sotto/testkit';
import { SottoClient, type UploadProgress } from '../src/index.ts';
import { fileSource } from '../src/node.ts';

jest.setTimeout(60_000);

const SAID = 'hello world one two three';

let service: Service;
let line: BrokenLine;
let client: SottoClient;
let folder: string;
let path: string;
let bytes: Buffer;
beforeAll(async () => {
  folder = await temporaryFolder('resumable');
  path = join(folder, 'Gespräch.wav');
  const { samples } = await speak(SAID, { voice: 'en-us', speed: 130 });
  // 19 MB: three pieces.
  bytes = Buffer.from(encodeWav(concat(samples, pause(600_000))));
  await writeFile(path, bytes);
  service = await startService();
});
afterAll(async () => {
  await service?.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  line = await BrokenLine.to(service.url);
  client = new SottoClient({ baseUrl: line.url });
});
afterEach(() => line.close());

describe('a resumable upload', () => {
  it('costs little more than its bytes over a line that breaks again and again', async () => {
    line.cutAfter(3_000_000, 5_000_000, 1_000_000);
    const failures: string[] = [];
    const progress: UploadProgress[] = [];
    const stored = await client.uploads.send(await fileSource(path), {
      onRetry: ({ name }) => failures.push(name),
      onUploadProgress: (one) => progress.push(one),
    });
    expect(failures).toEqual(['ConnectionError', 'ConnectionError', 'ConnectionError']);
    expect(progress.at(-1)).toEqual({ sentBytes: bytes.length, totalBytes: bytes.length });
    expect(line.sentBytes).toBeLessThan(bytes.length + 3_000_000);
    const { jobId, result } = await client.transcribe(stored);
    expect(result.text).toBe(SAID);
    expect((await client.status(String(jobId))).file_name).toBe('Gespräch.wav');
    await expect(client.submit(stored)).rejects.toMatchObject({ code: 'upload_used', fields: { job_id: jobId } });
  });

  it('goes on in another process, by its id', async () => {
    const giveUp = new AbortController();
    let uploadId = '';
    const onUploadProgress = ({ sentBytes }: UploadProgress) => {
      if (sentBytes > 10_000_000) giveUp.abort(new Error('the process ends'));
    };
    const first = client.uploads.send(await fileSource(path), {
      signal: giveUp.signal,
      onUploadProgress,
      onBegun: (id) => {
        uploadId = id;
      },
    });
    await expect(first).rejects.toThrow('the process ends');
    const sentBefore = line.sentBytes;
    const later = new SottoClient({ baseUrl: line.url });
    const progress: number[] = [];
    const stored = await later.uploads.send(new File([bytes], 'Gespräch.wav'), {
      uploadId,
      onUploadProgress: ({ sentBytes }) => progress.push(sentBytes),
    });
    expect(stored).toEqual({ uploadId });
    expect(progress[0]).toBeGreaterThan(8_000_000);
    expect(line.sentBytes - sentBefore).toBeLessThan(bytes.length - 8_000_000);
    expect((await later.transcribe(stored, { responseFormat: 'text' })).result).toBe(`${SAID}\n`);
  });

  it('is complete at once when all of it is there, and can be given up', async () => {
    const stored = await client.uploads.send(new Blob([bytes]));
    const sentBefore = line.sentBytes;
    expect(await client.uploads.send(new Blob([bytes]), stored)).toEqual(stored);
    expect(line.sentBytes - sentBefore).toBeLessThan(2_000);
    await client.uploads.remove(stored.uploadId);
    await expect(client.submit(stored)).rejects.toMatchObject({ code: 'upload_not_found' });
  });

  it('is refused by code', async () => {
    const send = (source: Blob, uploadId?: string) => client.uploads.send(source, uploadId ? { uploadId } : {});
    await expect(send(new Blob([bytes]), 'nobody-knows')).rejects.toMatchObject({ code: 'upload_not_found' });
    await expect(send(new File(['x'], 'notes.txt'))).rejects.toMatchObject({ code: 'invalid_file_format' });
    await expect(send(new Blob(['no recording '.repeat(1_000)]))).rejects.toMatchObject({
      code: 'invalid_file_format',
    });
    const { uploadId } = await send(new Blob([bytes.subarray(0, 100_000)]));
    await expect(send(new Blob([bytes]), uploadId)).rejects.toMatchObject({ code: 'upload_not_found' });
    await client.uploads.remove(uploadId);
  });

  it('ends when nobody has answered for too long', async () => {
    const { uploadId } = await client.uploads.send(new Blob([bytes.subarray(0, 50_000)]));
    const dead = await BrokenLine.to(service.url);
    const url = dead.url;
    await dead.close();
    const lost = new SottoClient({ baseUrl: url });
    const sending = lost.uploads.send(new Blob([bytes.subarray(0, 50_000)]), { uploadId, giveUpAfterMs: 600 });
    await expect(sending).rejects.toMatchObject({ name: 'ConnectionError' });
    await client.uploads.remove(uploadId);
  });
});
