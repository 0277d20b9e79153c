import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { recordedAnswers } from '../src/answers.ts';
import { Child, curl, freePort, temporaryFolder, undocumentedAnswers, waitFor } from '../src/index.ts';

/** A server with a document, and with some answers that are not in it. */
const SERVER = `
import { createServer } from 'node:http';
const json = (schema) => ({ description: '\`job_not_found\`: No such job.', content: { 'application/json': { schema } } });
const document = {
  openapi: '3.1.0',
  components: { schemas: { Job: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } } } },
  paths: {
    '/openapi.json': { get: { responses: { 200: json({}) } } },
    '/jobs/{id}': { get: { responses: { 200: json({ $ref: '#/components/schemas/Job' }), 404: json({}), 503: json({}) } } },
  },
};
createServer((request, response) => {
  const { status = 200, type = 'application/json', body } = request.url === '/openapi.json'
    ? { body: document }
    : JSON.parse(decodeURIComponent(request.url.split('?')[1] ?? '{}'));
  response.writeHead(status, { 'Content-Type': type });
  response.write(JSON.stringify(body).slice(0, 3));
  response.end(JSON.stringify(body).slice(3));
}).listen(Number(process.env.PORT), '127.0.0.1');
`;

let folder: string;
let server: Child;
let url: string;

beforeAll(async () => {
  folder = await temporaryFolder('answers');
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  await writeFile(join(folder, 'server.mjs'), SERVER);
  const { args, env } = recordedAnswers();
  server = await Child.start({
    name: 'server',
    command: process.execPath,
    cwd: folder,
    args: [...args, 'server.mjs'],
    env: { ...env, PORT: String(port) },
  });
  await waitFor(async () => (await fetch(`${url}/openapi.json`)).ok, { what: 'the server' });
});

afterAll(async () => {
  await server?.kill9();
  await rm(folder, { recursive: true, force: true });
});

/** What is found wrong with one answer, asked for by a client that is none of ours. */
async function foundWrong(path: string, answer: object, ...args: string[]): Promise<string[]> {
  await curl(...args, `${url}${path}?${encodeURIComponent(JSON.stringify(answer))}`);
  return undocumentedAnswers();
}

describe('answers of a recorded server', () => {
  it('may be everything that its document says', async () => {
    expect(await foundWrong('/jobs/1', { body: { id: 'a' } })).toEqual([]);
    expect(await foundWrong('/v1/jobs/1', { body: { id: 'ä' } })).toEqual([]);
    expect(await foundWrong('/jobs/1', { body: {} }, '--head')).toEqual([]);
    expect(await foundWrong('/jobs/1', { status: 405, body: {} }, '-X', 'PATCH')).toEqual([]);
    expect(await foundWrong('/nowhere', { status: 404, body: {} })).toEqual([]);
    expect(await foundWrong('/jobs/1', { status: 404, body: { error: 'job_not_found', request_id: '1' } })).toEqual([]);
  });

  it.each<[string, string, object]>([
    ['may not answer 410', '/jobs/1', { status: 410, body: {} }],
    ["must have required property 'id'", '/jobs/1', { body: { name: 'a' } }],
    ['text/plain is not documented for 200', '/jobs/1', { type: 'text/plain', body: {} }],
    ['503 without Retry-After', '/jobs/1', { status: 503, body: {} }],
    ['the code gone is not documented', '/jobs/1', { status: 404, body: { error: 'gone', request_id: '1' } }],
    ['not documented answers 200', '/secret', { body: {} }],
  ])('may not be other: %s', async (problem, path, answer) => {
    const found = await foundWrong(path, answer);
    expect(found).toEqual([expect.stringContaining(problem)]);
    expect(await undocumentedAnswers()).toEqual([]);
  });

  it('may not take a method that is not described', async () => {
    expect(await foundWrong('/jobs/1', { body: {} }, '-X', 'PUT')).toEqual([
      expect.stringContaining('PUT is not documented and answers 200'),
    ]);
  });
});
