import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import express from 'express';
import { addressOf, closeServer, listen } from '../src/http/server.ts';

it('a server that closes waits for requests in flight, and not for connections that nobody has used', async () => {
  const app = express();
  app.get('/slow', async (_request, response) => {
    await delay(1_500);
    response.send('done');
  });
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  const url = new URL(addressOf(server));
  const unused = connect(Number(url.port), url.hostname);
  await new Promise((resolve) => unused.once('connect', resolve));
  const asking = fetch(`${url.origin}/slow`, { headers: { connection: 'close' } }).then((answer) => answer.text());
  await new Promise((resolve) => server.once('request', resolve));
  const startedMs = performance.now();
  const closing = closeServer(server, 20_000);
  expect(await asking).toBe('done');
  await closing;
  expect(performance.now() - startedMs).toBeLessThan(10_000);
});
