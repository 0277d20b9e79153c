import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import express from 'express';
import { messagesOf } from './messages.ts';

describe('messagesOf', () => {
  it('makes requests and responses whose prototypes Express has not to change', async () => {
    const app = express();
    app.get('/', (request, response) => void response.json({ app: request.app === app, host: request.hostname }));
    const server = createServer(messagesOf(app));
    const before: boolean[] = [];
    server.on('request', (request, response) => {
      before.push(Object.getPrototypeOf(request) === app.request, Object.getPrototypeOf(response) === app.response);
      app(request, response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      expect(await answer.json()).toEqual({ app: true, host: '127.0.0.1' });
      expect(before).toEqual([true, true]);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});
