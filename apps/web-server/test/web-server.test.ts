import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Child, freePort, startApp, temporaryFolder, waitFor } from '@sotto/testkit';
import request from 'supertest';

let port: number;
let server: Child;
const get = (path: string) => request(`http://127.0.0.1:${port}`).get(path);

beforeAll(async () => {
  port = await freePort();
  server = await startApp('web-server', { env: { PORT: String(port) }, folder: await temporaryFolder('web-server') });
  await waitFor(
    async () => {
      if (server.exit !== null) throw new Error(`It ended.\n${server.tail()}`);
      const { ok } = await fetch(`http://127.0.0.1:${port}/health/ready`);
      return ok;
    },
    { what: 'the page to be served' },
  );
});
afterAll(() => server?.kill9());

describe('the page by itself', () => {
  it('is at /app/, with its files and their headers', async () => {
    const { text, headers } = await get('/app/library').expect(200).expect('cache-control', 'no-cache');
    expect(headers).toMatchObject({
      'content-security-policy': expect.stringMatching(/^default-src 'none'/),
      'x-content-type-options': 'nosniff',
    });
    expect(headers['x-powered-by']).toBeUndefined();
    const [script = ''] = /\/app\/assets\/[^"]+\.js/.exec(text) ?? [];
    await get(script)
      .set('accept-encoding', 'gzip')
      .expect(200)
      .expect('content-encoding', 'gzip')
      .expect('cache-control', /immutable/);
  });

  it.each(['/', '/transcribe', '/app/assets/old-00000000.js', '/application', '/App/'])('has no %s', async (path) => {
    const { body } = await get(path).expect(404).expect('cache-control', 'no-store');
    expect(body.error).toBe('not_found');
  });

  it('refuses what is malformed or would write', async () => {
    await get('/app/%E0%A4%A').expect(400);
    const { body } = await request(`http://127.0.0.1:${port}`).post('/app/').expect(405).expect('allow', 'GET, HEAD');
    expect(body.error).toBe('method_not_allowed');
  });

  it('stops when it is told to, whoever keeps a connection open', async () => {
    const idle = connect(port, '127.0.0.1');
    await once(idle, 'connect');
    await fetch(`http://127.0.0.1:${port}/health/live`).then((answer) => answer.text());
    expect(await server.stop()).toEqual({ code: 0, signal: null });
    if (!idle.closed) await once(idle, 'close');
  });
});

it.each(['70000', 'eighty'])('refuses PORT=%s', async (wrong) => {
  const folder = await temporaryFolder('web-server');
  const child = await startApp('web-server', { env: { PORT: wrong }, folder });
  expect(await child.ended).toEqual({ code: 1, signal: null });
  expect(child.stderr).toBe(`PORT: not a port: ${wrong}`);
});
