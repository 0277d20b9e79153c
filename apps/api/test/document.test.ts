import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { ERROR_CATALOG, RESPONSE_FORMATS } from '@sotto/contracts';
import { DocumentedApi, type Service, startService, waitFor } from '@sotto/testkit';
import { z } from 'zod';
import { accepted, ended } from './support/jobs.ts';
import { formOf, type Reply, send } from './support/replies.ts';
import { phrase } from './support/speech.ts';

let service: Service;
let api: DocumentedApi;

beforeAll(async () => {
  // Speakers are asked for too; their model is not to be fetched for that.
  service = await startService({ workers: 1, workerEnv: { PIP_NO_INDEX: '1' } });
  api = await DocumentedApi.of(service.url);
});

afterAll(async () => {
  await service?.close();
});

const FORM = 'multipart/form-data';
const fieldsSchema = z.object({ properties: z.record(z.string(), z.object({ default: z.string().optional() })) });
const formSchema = z.object({
  requestBody: z.object({ content: z.object({ [FORM]: z.object({ schema: fieldsSchema }) }) }),
});

/** An address that does not exist has no operation to stand under. */
const ELSEWHERE = ['not_found'];

function expectDocumented(method: string, path: string, { status, headers, text }: Reply): void {
  expect(api.problems(method, path, status, headers.get('content-type'), method === 'head' ? null : text)).toEqual([]);
}

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(api.document) as never);
    expect({ valid, errors }).toMatchObject({ valid: true });
    expect(api.document.openapi).toMatch(/^3\.1\./);
  });

  it('names every code of the catalogue, and nothing else', () => {
    const operations = Object.values(api.document.paths).flatMap((methods) => Object.values(methods));
    const responses = operations.flatMap((operation) => Object.values(operation.responses));
    const told = new Set(responses.flatMap(({ description }) => description.match(/(?<=^`)[a-z_]+(?=`: )/gm) ?? []));
    const expected = Object.keys(ERROR_CATALOG).filter((code) => !ELSEWHERE.includes(code));
    expect([...told].sort()).toEqual(expected.sort());
  });

  it('describes every address that is served, and every address it describes is served', async () => {
    for (const { method, path } of api.operations) {
      const address =
        service.url + path.replace('{id}', '00000000-0000-4000-8000-000000000000').replace('{name}', 'nobody-made-it');
      const reply = await send(address, { method: method.toUpperCase() });
      expect([path, reply.status === 404 && reply.json?.error === 'not_found']).toEqual([path, false]);
      expectDocumented(method, path, reply);
      const served = api.operations.filter((other) => other.path === path).map((other) => other.method.toUpperCase());
      const wrong = await send(address, { method: served.includes('PUT') ? 'PATCH' : 'PUT' });
      expect([path, wrong.status]).toEqual([path, 405]);
    }
  });

  it('shows the recording first, and what each field is when it is left out', () => {
    const { properties } = formSchema.parse(api.document.paths['/transcribe']?.post).requestBody.content[FORM].schema;
    expect(Object.keys(properties).slice(0, 3)).toEqual(['file', 'url', 'language']);
    const usual = Object.entries(properties).map(([name, { default: value }]) => [name, value]);
    expect(Object.fromEntries(usual)).toMatchObject({
      task: 'transcribe',
      response_format: 'json',
      async: 'false',
      vad: 'true',
      max_line_width: '42',
    });
  });

  it('tells the truth of the life of a job', async () => {
    const { bytes } = await phrase(51);
    const post = (fields: Record<string, string>) =>
      send(`${service.url}/transcribe`, { method: 'POST', body: formOf({ bytes }, fields) });
    for (const format of RESPONSE_FORMATS) {
      expectDocumented('post', '/transcribe', await post({ response_format: format, timestamp_granularity: 'word' }));
    }
    expectDocumented('post', '/transcribe', await post({ temperature: '7' }));
    const reply = await post({ async: 'true', cache: 'false' });
    expectDocumented('post', '/transcribe', reply);
    const id = String(reply.json?.job_id);
    const get = async (path: string, query = '') =>
      expectDocumented('get', path, await send(service.url + path.replace('{id}', id) + query));
    await get('/status/{id}');
    await get('/jobs/{id}/result');
    await ended(service.url, id);
    for (const path of ['/status/{id}', '/jobs/{id}', '/jobs/{id}/events']) await get(path);
    for (const format of RESPONSE_FORMATS) await get('/jobs/{id}/result', `?format=${format}`);
    await get('/jobs/{id}/search', '?q=a');
    await get('/jobs', '?limit=5');
    for (const path of ['/health', '/health/ready', '/models', '/languages', '/metrics']) await get(path);
    const gone = await accepted(service.url, (await phrase(52)).bytes);
    for (const _twice of [1, 2]) {
      const left = await send(`${service.url}/jobs/${gone}`, { method: 'DELETE' });
      expectDocumented('delete', '/jobs/{id}', left);
    }
  });
});

describe('the documentation pages', () => {
  it.each(['/docs', '/redoc', '/v1/docs', '/v1/redoc'])('%s loads everything from here', async (path) => {
    const page = await send(service.url + path);
    expect(page.status).toBe(200);
    const addresses = [...page.text.matchAll(/(?:src|href|data-spec)="([^"]+)"/g)].map((match) => String(match[1]));
    expect(addresses.length).toBeGreaterThanOrEqual(3);
    for (const address of addresses) {
      expect(address).toMatch(/^\//);
      expect((await send(service.url + address)).status).toBe(200);
    }
  });
});

describe('/metrics', () => {
  it('counts requests by endpoint, not by address', async () => {
    await send(`${service.url}/status/00000000-0000-4000-8000-000000000000`);
    // What a worker does it tells once a second.
    const text = await waitFor(
      async () => {
        const { text: now } = await send(`${service.url}/metrics`);
        return /^sotto_fleet_slots_busy\{.*engine="transcribe".*\} 0$/m.test(now) && now;
      },
      { what: 'the worker to say that it is idle' },
    );
    expect(text).toMatch(/^sotto_http_requests_total\{.*route="\/status\/\{id\}",status="404".*\} [1-9]/m);
    expect(text).toMatch(/^sotto_workers\{.*role="transcribe".*\} 1$/m);
    expect(text).toMatch(/^sotto_fleet_slots\{.*engine="transcribe".*\} [1-9]/m);
    expect(text).toMatch(/^sotto_queue_jobs\{.*queue="windows",state="waiting".*\} 0$/m);
    expect(text).not.toMatch(/00000000-0000/);
  });
});

describe('a heartbeat and a model that this build cannot read', () => {
  it('are counted, and change nothing else', async () => {
    const { prefix, redis } = service;
    const client = redis.client();
    await client.set(`${prefix}:worker:newer`, JSON.stringify({ protocol: 99, workerId: 'newer' }), 'PX', 15_000);
    await client.zadd(`${prefix}:workers`, Date.now(), 'newer');
    await client.hset(`${prefix}:models`, 'newer', '{}');
    const ready = await send(`${service.url}/health/ready`);
    expect([ready.status, ready.json]).toMatchObject([200, { status: 'ready' }]);
    expect((await send(`${service.url}/health`)).json).toMatchObject({ workers: 1, device: 'cpu' });
    const models = await send(`${service.url}/models`);
    expect([models.status, models.text]).toEqual([200, expect.not.stringContaining('newer')]);
    const job = await accepted(service.url, (await phrase(31)).bytes);
    expect(await ended(service.url, job)).toMatchObject({ status: 'completed' });
    // What a worker does it tells once a second.
    const text = await waitFor(
      async () => {
        const { text: now } = await send(`${service.url}/metrics`);
        return /^sotto_fleet_slots_busy\{.*engine="transcribe".*\} 0$/m.test(now) && now;
      },
      { what: 'the worker to say that it is idle' },
    );
    expect(text).toMatch(/^sotto_unreadable_records_total\{.*record="heartbeat".*\} [1-9]/m);
    expect(text).toMatch(/^sotto_unreadable_records_total\{.*record="model".*\} [1-9]/m);
    await client.del(`${prefix}:worker:newer`);
    await client.hdel(`${prefix}:models`, 'newer');
  });
});
