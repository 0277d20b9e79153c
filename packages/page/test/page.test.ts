import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '@sotto/testkit';
import express, { type ErrorRequestHandler } from 'express';
import request from 'supertest';
import { PAGE_PATH, pageRouter, type Refuse } from '../src/page.ts';

const INDEX = '<!doctype html><title>the page</title>';

const refuse: Refuse = (reason, detail) => Object.assign(new Error(detail), { reason });

const answer: ErrorRequestHandler = ({ reason, message, status }, _request, response, _next) => {
  response.status(status ?? (reason === 'not_found' ? 404 : 405)).json({ reason, detail: message });
};

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder('page');
  await mkdir(join(folder, 'assets'));
  await Promise.all([
    writeFile(join(folder, 'index.html'), INDEX),
    writeFile(join(folder, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>'),
    writeFile(join(folder, 'assets/index-0a1b2c3d.js'), 'start();'),
    writeFile(join(folder, 'assets/index-0a1b2c3d.js.gz'), gzipSync('start();')),
    writeFile(join(folder, 'assets/index-0a1b2c3d.js.br'), brotliCompressSync('start();')),
  ]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function served(built: string | null) {
  const app = express();
  app.use(PAGE_PATH, pageRouter(built, refuse)).use(answer);
  return request(app);
}

describe('the page', () => {
  it('is at /app/, and so is every address within it, always as it is now', async () => {
    await served(folder).get('/app?from=mail').expect(308).expect('location', '/app/?from=mail');
    for (const path of ['/app/', '/app/library', '/app/library/5d1f?at=12']) {
      const { text, headers } = await served(folder).get(path).expect(200).expect('content-type', /html/);
      expect([text, headers['cache-control']]).toEqual([INDEX, 'no-cache']);
    }
  });

  it('has files that browsers keep for good where their names hold a hash', async () => {
    await served(folder)
      .get('/app/assets/index-0a1b2c3d.js')
      .expect('cache-control', /max-age=31536000, immutable/);
    await served(folder).get('/app/icon.svg').expect('content-type', /svg/).expect('cache-control', 'no-cache');
  });

  it.each([
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    ['identity', undefined],
  ])('has files as they were compressed when it was built, for who takes %s', async (accepted, encoding) => {
    const { headers, text } = await served(folder)
      .get('/app/assets/index-0a1b2c3d.js')
      .set('accept-encoding', accepted)
      .buffer()
      .expect('content-type', /javascript/)
      .expect('vary', /accept-encoding/i);
    expect([headers['content-encoding'], encoding === 'br' ? 'start();' : text]).toEqual([encoding, 'start();']);
  });

  it('takes nothing inline and nothing from elsewhere', async () => {
    const { headers } = await served(folder).get('/app/');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    expect(headers['strict-transport-security']).toBeUndefined();
  });

  it.each(['/app/assets/old-00000000.js', '/app/favicon.ico', '/app/../package.json', '/app/%2e%2e/package.json'])(
    'does not have %s',
    async (path) => {
      const { status, body } = await served(folder).get(path);
      expect([status, body.reason ?? 'not_found']).toEqual([404, 'not_found']);
    },
  );

  it('is only read', async () => {
    await served(folder).post('/app/').expect(405).expect('allow', 'GET, HEAD');
  });

  it('says what to do where it is not built', async () => {
    const { body } = await served(null).get('/app/library').expect(404);
    expect(body).toMatchObject({ reason: 'not_found', detail: expect.stringContaining('npm run build') });
  });
});
