import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  LANGUAGES,
  wireHealthSchema,
  wireLanguageListSchema,
  wireModelListSchema,
  wireReadySchema,
  wireServiceSchema,
} from '@sotto/contracts';
import { REPOSITORY, type Service, startService, waitFor } from '@sotto/testkit';
import request from 'supertest';

/** What Firefox sends. */
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

let service: Service;
beforeAll(async () => {
  service = await startService({ workers: 1 });
  // The API looks at its workers once a second; the first look may have met one that was still loading its model.
  await waitFor(async () => (await request(service.url).get('/health/ready')).body.status === 'ready', {
    what: 'the API to see the model loaded',
  });
});
afterAll(async () => {
  await service?.close();
});

describe.each(['', '/v1'])('what the service tells of itself, under "%s"', (base) => {
  const get = (path: string) => request(service.url).get(base + path);

  it('says what it is, and leads to its documentation', async () => {
    for (const path of ['', '/']) {
      const { body, headers } = await request(service.url)
        .get(`${base}${path}` || '/')
        .expect(200);
      expect(headers).toMatchObject({
        vary: expect.stringMatching(/accept/i),
        'content-type': expect.stringMatching(/json/),
      });
      const { links, ...told } = wireServiceSchema.parse(body);
      expect(told).toMatchObject({ name: 'Sotto', version: expect.stringMatching(/^\d+\./) });
      for (const link of Object.values(links)) await request(service.url).get(link).expect(200);
    }
    await get('/').set('Accept', BROWSER).expect(303).expect('location', '/app/');
    await get('/').set('Accept', 'image/png').expect(200).expect('content-type', /json/);
  });

  it('lists every language of Whisper, with the models that know it, and what can be spoken', async () => {
    const { body } = await get('/languages').expect(200).expect('content-type', /json/);
    const { languages, spoken } = wireLanguageListSchema.parse(body);
    expect(languages).toHaveLength(Object.keys(LANGUAGES).length);
    expect(languages).toContainEqual({ code: 'es', name: 'Spanish', models: ['sotto-nano'] });
    // No worker here speaks.
    expect(spoken).toEqual([]);
  });

  it('lists models, the current one loaded and marked as a stand-in', async () => {
    const { body } = await get('/models').expect(200);
    const { models, data, current_model } = wireModelListSchema.parse(body);
    expect(current_model).toBe('sotto-nano');
    expect(models.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['tiny', 'base', 'small', 'medium', 'large-v3']),
    );
    expect(models.find(({ name }) => name === 'sotto-nano')).toMatchObject({
      installed: true,
      loaded: true,
      warning: expect.stringContaining('does not understand real speech'),
    });
    expect(data.map(({ id }) => id)).toEqual(expect.arrayContaining(models.map(({ name }) => name)));
  });

  it('says how fast a model is here and what memory it takes, once that was measured', async () => {
    const named = async (path: string) => {
      const { body } = await get(path).expect(200);
      return (body as { models: { name: string }[] }).models.find(({ name }) => name === 'sotto-nano');
    };
    expect(await named('/models')).toMatchObject({ memory_bytes: expect.any(Number) });
    const recording = join(REPOSITORY, 'apps/cli/assets/sample-nano.wav');
    await request(service.url).post('/transcribe').field('cache', 'false').attach('file', recording).expect(200);
    const measured = await waitFor(
      async () => {
        const { models } = wireModelListSchema.parse((await get('/models')).body);
        return models.find(({ realtime_factor: factor }) => factor !== null);
      },
      { what: 'a heartbeat that has it' },
    );
    const { realtime_factor, memory_bytes } = measured;
    expect(realtime_factor).toBeGreaterThan(0);
    // More than its weights.
    expect(memory_bytes).toBeGreaterThan(17_000_000);
    expect(await named('/admin/models')).toMatchObject({ realtime_factor: expect.any(Number), memory_bytes });
  });

  it('is alive, ready and healthy', async () => {
    await get('/health/live').expect(200, { status: 'alive' });
    const ready = wireReadySchema.parse((await get('/health/ready').expect(200)).body);
    expect(ready).toMatchObject({
      status: 'ready',
      checks: { model_loaded: true, redis_connected: true },
      problems: [],
    });
    const health = wireHealthSchema.parse((await get('/health').expect(200)).body);
    expect(health).toMatchObject({ status: 'healthy', model: 'sotto-nano', device: 'cpu', workers: 1 });
  });
});

describe('every answer', () => {
  it('carries the request id it was given, or a new one, and the version of the API', async () => {
    const { headers } = await request(service.url).get('/languages').set('X-Request-Id', 'abc-123').expect(200);
    expect(headers).toMatchObject({ 'x-request-id': 'abc-123', 'x-api-version': expect.any(String) });
    const other = await request(service.url).get('/nowhere').expect(404);
    expect(other.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(other.body).toMatchObject({ error: 'not_found', request_id: other.headers['x-request-id'] });
  });
});
