import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  wireAcceptedSchema,
  wireJobListSchema,
  wireTranscriptSchema,
  wireVerboseTranscriptSchema,
} from '@sotto/contracts';
import { type Service, startService, waitFor } from '@sotto/testkit';
import type { Redis } from 'ioredis';
import { leavesNothing } from './support/fleet.ts';
import { accepted, ended, listen, remove, statusOf } from './support/jobs.ts';
import { expectError, formOf, read, send, transcribe } from './support/replies.ts';
import { expectHeard, phrase } from './support/speech.ts';

let service: Service;
let redis: Redis;
let spoken: { bytes: Uint8Array; text: string };

beforeAll(async () => {
  [service, spoken] = await Promise.all([startService({ workers: 1 }), phrase(1)]);
  redis = service.redis.client();
});

afterAll(async () => {
  await service?.close();
});

describe('a synchronous request', () => {
  it('is answered with the transcript, and leaves no blob', async () => {
    const reply = await transcribe(service.url, spoken);
    expect(reply.status).toBe(200);
    const transcript = wireTranscriptSchema.parse(reply.json);
    expectHeard(transcript.text, spoken.text);
    expect(transcript).toMatchObject({ language: 'en', model: 'sotto-nano' });
    expect(transcript.words).toBeUndefined();
    expect(transcript.warnings.map(({ code }) => code)).toContain('model');
    await leavesNothing(service, redis);
    const status = await statusOf(service.url, String(reply.headers.get('x-job-id')));
    expect(status).toMatchObject({ status: 'completed', progress: 100, result: { text: transcript.text } });
  });

  it.each([
    ['text', 'text/plain', /^\S.*\S\n?$/],
    ['txt', 'text/plain', /^\S/],
    ['srt', 'application/x-subrip', /^1\n00:00:0\d,\d{3} --> 00:00:0\d,\d{3}\n\S/],
    ['vtt', 'text/vtt', /^WEBVTT\n\n/],
    ['tsv', 'text/tab-separated-values', /^start\tend\ttext\n/],
    ['json', 'application/json', /^\{"text":/],
    ['verbose_json', 'application/json', /"avg_logprob":/],
  ])('as %s comes as %s', async (format, contentType, shape) => {
    const reply = await transcribe(service.url, spoken, { response_format: format });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toMatch(new RegExp(`^${contentType}(;|$)`));
    expect(reply.text).toMatch(shape);
  });

  it('has words when they are asked for', async () => {
    const { json } = await transcribe(service.url, spoken, { timestamp_granularity: 'word' });
    const { text, words = [] } = wireTranscriptSchema.parse(json);
    expect(words.map(({ word }) => word.trim()).join(' ')).toBe(text);
  });

  it('takes an explicit model by its name', async () => {
    expect((await transcribe(service.url, spoken, { model: 'sotto-nano' })).status).toBe(200);
    expectError(await transcribe(service.url, spoken, { model: 'large' }), 422, 'model_not_available');
  });
});

describe('an asynchronous request', () => {
  it('is accepted, watched and read in every format, without a second run', async () => {
    const { bytes, text } = await phrase(2);
    const reply = await transcribe(service.url, { bytes, name: 'talk.wav' }, { async: 'true' });
    expect(reply.status).toBe(202);
    const { job_id: id, status_url: url } = wireAcceptedSchema.parse(reply.json);
    expect(reply.headers.get('location')).toBe(url);
    const status = await ended(service.url, id);
    expect(status).toMatchObject({ status: 'completed', file_name: 'talk.wav' });
    expectHeard(status.result?.text, text);
    expect(Date.parse(String(status.completed_at))).toBeGreaterThanOrEqual(Date.parse(status.created_at));

    const result = (query: string) => send(`${service.url}${String(status.result_url)}${query}`);
    expect((await result('?format=srt')).text).toMatch(/-->/);
    wireVerboseTranscriptSchema.parse((await result('?format=verbose_json')).json);
    expect((await result('')).json).toEqual(status.result);
    expectError(await result('?format=pdf'), 422, 'invalid_parameter');
  });

  it('stays under /v1 for a client that came there', async () => {
    const body = formOf(spoken, { async: 'true' });
    const reply = await read(await fetch(`${service.url}/v1/transcribe`, { method: 'POST', body }));
    expect(String(reply.json?.status_url)).toMatch(/^\/v1\/status\//);
    const { json } = await send(`${service.url}${String(reply.json?.status_url)}`);
    expect(json).toMatchObject({ job_id: reply.json?.job_id });
  });

  it('appears in the list, newest first, page by page', async () => {
    const ids = [];
    for (const seed of [3, 4, 5]) ids.unshift(await accepted(service.url, (await phrase(seed)).bytes));
    await Promise.all(ids.map((id) => ended(service.url, id)));
    const page = async (query: string) => wireJobListSchema.parse((await send(`${service.url}/jobs?${query}`)).json);
    const first = await page('limit=2&status=completed');
    expect(first.jobs.map(({ job_id }) => job_id)).toEqual(ids.slice(0, 2));
    const second = await page(`limit=1&status=completed&cursor=${String(first.next_cursor)}`);
    expect(second.jobs[0]?.job_id).toBe(ids[2]);
    expect((await page('status=failed')).jobs).toEqual([]);
  });

  it('can be deleted with its result', async () => {
    const id = await accepted(service.url, (await phrase(6)).bytes);
    await ended(service.url, id);
    expect((await remove(service.url, id)).status).toBe(204);
    for (const path of [`/status/${id}`, `/jobs/${id}`, `/jobs/${id}/result`, `/jobs/${id}/events`]) {
      expectError(await send(service.url + path), 404, 'job_not_found');
    }
    await leavesNothing(service, redis);
  });
});

describe('the log', () => {
  it('has one line a request, with the fields of the specification', async () => {
    const { bytes } = await phrase(9);
    const body = formOf({ bytes, name: 'logged.wav' });
    await send(`${service.url}/transcribe`, { method: 'POST', body, headers: { 'X-Request-Id': 'look-for-me' } });
    const line = await waitFor(
      () => service.apis[0]?.process.output.split('\n').find((text) => text.includes('look-for-me')),
      {
        what: 'the line',
      },
    );
    expect(JSON.parse(line)).toEqual({
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      level: 'INFO',
      service: 'transcription-service',
      request_id: 'look-for-me',
      job_id: expect.any(String),
      run_id: expect.any(String),
      endpoint: '/transcribe',
      method: 'POST',
      status_code: 200,
      duration_ms: expect.any(Number),
      message: 'Request served',
      metadata: {
        file_size: bytes.length,
        container: 'wav',
        joined: false,
        duration: expect.any(Number),
        language: 'en',
        model: 'sotto-nano',
      },
    });
  });
});

describe('the same work twice', () => {
  const runsMade = (): Promise<number> => redis.zcard(`${service.prefix}:transcriptions:completed`);

  it('is one run, whatever the format; cache=false makes another', async () => {
    const { bytes, text: said } = await phrase(7);
    const first = await transcribe(service.url, { bytes }, { response_format: 'text' });
    expectHeard(first.text, said);
    const text = first.text.trim();
    await leavesNothing(service, redis);
    const before = await runsMade();
    const again = await transcribe(service.url, { bytes, name: 'other-name.wav' }, { response_format: 'json' });
    expect(again.json).toMatchObject({ text });
    expect(await runsMade()).toBe(before);
    expect((await transcribe(service.url, { bytes }, { cache: 'false' })).json).toMatchObject({ text });
    await leavesNothing(service, redis);
    expect(await runsMade()).toBe(before + 1);
  });
});

describe('the events of a job that has ended', () => {
  it('are told again from the start, from the middle, and no more after the end', async () => {
    const { bytes, text } = await phrase(8);
    const id = await accepted(service.url, bytes);
    const messages = await (await listen(service.url, id)).messages;
    expect(messages.at(-1)).toMatchObject({ event: 'completed', data: { result_url: `/jobs/${id}/result` } });
    const texts = messages.filter(({ event }) => event === 'text').map(({ data }) => String(data.text));
    expectHeard(texts.join(' ').replace(/\s+/g, ' ').trim(), text);

    const all = await (await listen(service.url, id)).messages;
    expect(all).toEqual(messages);
    for (const [index, { id: last }] of messages.slice(0, -1).entries()) {
      expect(await (await listen(service.url, id, last)).messages).toEqual(messages.slice(index + 1));
    }
    expect((await listen(service.url, id, messages.at(-1)?.id)).status).toBe(204);
  });
});

it('leaves no work behind', async () => {
  await leavesNothing(service, redis);
});
