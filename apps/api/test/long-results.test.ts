import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_CAPTION_OPTIONS, RESPONSE_FORMATS, type Run, type Transcript } from '@sotto/contracts';
import { Runs } from '@sotto/queue';
import { longTranscript, type Service, startService } from '@sotto/testkit';
import { renderTranscript, searchTranscript } from '@sotto/transcript';
import { attachInput } from './support/runs.ts';

/** Ten hours of talk: what is that long is rendered on threads. */
const transcript: Transcript = longTranscript(10);
const fileName = 'ten hours.mp3';

let service: Service;
let runs: Runs;
let jobId: string;
let run: Run;

beforeAll(async () => {
  service = await startService({ workers: 0 });
  runs = new Runs(service.redis.client(), { prefix: service.prefix, resultTtlSeconds: 600 });
  jobId = randomUUID();
  ({ run } = await runs.attach(attachInput({ requestId: jobId, fileName })));
  await runs.complete(run, transcript);
});

afterAll(async () => {
  await service?.close();
});

const get = (path: string) => fetch(`${service.url}/jobs/${jobId}${path}`);
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

describe('a result of ten hours', () => {
  it('takes at most 2 MB of Redis', async () => {
    const redis = service.redis.client();
    const keys = await redis.keys(`${service.prefix}:run:${run.id}*`);
    const sizes = await Promise.all(keys.map((key) => redis.memory('USAGE', key)));
    expect(sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0)).toBeLessThanOrEqual(2_000_000);
  });

  it.each(RESPONSE_FORMATS)('is there as %s', async (format) => {
    const response = await get(`/result?format=${format}&timestamp_granularity=segment`);
    const options = { granularity: 'segment', captions: DEFAULT_CAPTION_OPTIONS, title: fileName } as const;
    const expected = renderTranscript(transcript, format, options);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(expected.contentType);
    expect((await bytesOf(response)).equals(Buffer.from(expected.body))).toBe(true);
  });

  it('is there word by word', async () => {
    const response = await get('/result?format=json&timestamp_granularity=word');
    const { body } = renderTranscript(transcript, 'json', { granularity: 'word' });
    expect((await response.text()) === body).toBe(true);
  });

  it('is in its status', async () => {
    for (const path of [`/jobs/${jobId}`, `/status/${jobId}`, `/v1/status/${jobId}`]) {
      const response = await fetch(`${service.url}${path}`);
      const text = await response.text();
      expect(Number(response.headers.get('content-length'))).toBe(Buffer.byteLength(text));
      const { result, ...status } = JSON.parse(text);
      expect(status).toMatchObject({ job_id: jobId, status: 'completed', progress: 100, file_name: fileName });
      expect(JSON.stringify(result) === renderTranscript(transcript, 'json', { granularity: 'segment' }).body).toBe(
        true,
      );
    }
  });

  it('can be searched', async () => {
    const response = await get('/search?q=water&limit=3');
    const { total, matches } = searchTranscript(transcript, 'water', { limit: 3, contextWords: 10 });
    expect(total).toBeGreaterThan(3);
    expect(await response.json()).toMatchObject({
      job_id: jobId,
      query: 'water',
      total,
      matches: matches.map(({ text, before, startMs }) => ({ text, before, start: startMs / 1000 })),
    });
  });

  it('is only announced to HEAD', async () => {
    for (const path of ['', '/result']) {
      const response = await fetch(`${service.url}/jobs/${jobId}${path}`, { method: 'HEAD' });
      expect(Number(response.headers.get('content-length'))).toBeGreaterThan(1_000_000);
      expect(await bytesOf(response)).toHaveLength(0);
    }
  });

  it('is given to many at once', async () => {
    const { body } = renderTranscript(transcript, 'text', { granularity: 'segment' });
    const texts = await Promise.all(Array.from({ length: 8 }, async () => (await get('/result?format=text')).text()));
    for (const text of texts) expect(text === body).toBe(true);
  });
});

describe('a result that a build before references left', () => {
  it('is there too', async () => {
    const redis = service.redis.client();
    const requestId = randomUUID();
    const old = await runs.attach(attachInput({ requestId, fileName }));
    await runs.complete(old.run, transcript);
    const record = `${service.prefix}:run:${old.run.id}`;
    await redis
      .multi()
      .hdel(record, 'result')
      .set(`${record}:transcript`, JSON.stringify(transcript), 'EX', 600)
      .exec();
    const response = await fetch(`${service.url}/jobs/${requestId}/result?format=csv`);
    const { body } = renderTranscript(transcript, 'csv', { granularity: 'segment' });
    expect((await response.text()) === body).toBe(true);
  });
});
