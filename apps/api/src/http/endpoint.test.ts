import { describe, expect, it } from '@jest/globals';
import { createLogger } from '@sotto/runtime';
import express from 'express';
import request from 'supertest';
import { z } from 'zod';
import { type Endpoint, endpoint } from './endpoint.ts';
import { handleErrors } from './errors.ts';
import { PathParams, uuid } from './path-params.ts';
import { nameRequest } from './request-id.ts';

const ID = '0b0a5a0e-5f0c-4d5e-9c39-1f2e3d4c5b6a';
const params = new PathParams(z.object({ id: uuid }), 'job_not_found', 'No job has this id.');
const query = z.strictObject({ limit: z.coerce.number().int().max(9).default(5), name: z.string().optional() });
const body = z.strictObject({ size: z.number() });

/** Answers with what its handler was given. */
const echo = endpoint({
  method: 'post',
  path: '/things/{id}',
  summary: 'A thing',
  tag: 'jobs',
  access: 'open',
  params,
  query,
  body,
  answers: {},
  errors: [],
  handle: ({ params: { id }, query: { limit, name }, body: { size }, response }) => {
    response.json({ id, limit: limit + 0, name, size: size + 0 });
  },
});

function serving({ serve }: Endpoint) {
  const app = express().use(nameRequest);
  app.post('/things/:id', (incoming, response) => serve(incoming, response));
  return app.use(handleErrors(createLogger({ service: 'test', level: 'CRITICAL' })));
}

const post = (address: string, sent: object = { size: 2 }) => request(serving(echo)).post(address).send(sent);

describe('an endpoint', () => {
  it('is given what the request says, by the schemas it is described with', async () => {
    const { body: given } = await post(`/things/${ID.toUpperCase()}?limit=7`).expect(200);
    expect(given).toEqual({ id: ID, limit: 7, size: 2 });
  });

  it('is not called with an id that can be none', async () => {
    const { body: refused } = await post('/things/7').expect(404);
    expect(refused).toMatchObject({ error: 'job_not_found', detail: 'No job has this id.' });
  });

  it.each([
    ['a value that cannot be used', '?limit=10', 'limit'],
    ['a parameter sent twice', '?name=a&name=b', 'name'],
    ['a parameter that does not exist', '?limits=1', ''],
  ])('names %s', async (_what, text, field) => {
    const { body: refused } = await post(`/things/${ID}${text}`).expect(422);
    expect(refused).toMatchObject({ error: 'invalid_parameter', parameters: [{ field, problem: expect.any(String) }] });
  });

  it('names what is wrong with its body, and takes none of another type', async () => {
    const { body: refused } = await post(`/things/${ID}`, { size: 'x', more: 1 }).expect(422);
    expect(refused.parameters).toHaveLength(2);
    await request(serving(echo)).post(`/things/${ID}`).type('text').send('{"size":2}').expect(415);
    await request(serving(echo)).post(`/things/${ID}`).type('json').send('{"size":').expect(400);
  });
});
