import { once } from 'node:events';
import { createServer, type Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '@sotto/testkit';
import type { Request, Response } from 'express';
import { WebSocket } from 'ws';
import { CLOSE_CODES } from '../src/http/web-socket.ts';
import { DoorSocket, MAX_MESSAGE_BYTES } from '../src/live/door-socket.ts';

let server: Server;
let accepted: Promise<DoorSocket>;
let client: WebSocket;

beforeEach(async () => {
  server = createServer();
  accepted = new Promise((resolve, reject) => {
    server.on('upgrade', (request, socket, head) => {
      const response = new ServerResponse(request);
      response.assignSocket(socket as Parameters<ServerResponse['assignSocket']>[0]);
      DoorSocket.accept(request as Request, response as Response, { socket, head }).then(resolve, reject);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  client.on('error', () => {});
  await once(client, 'open');
});

afterEach(async () => {
  client.terminate();
  server.close();
  await waitFor(() => DoorSocket.open === 0, { what: 'the socket to close' });
});

describe('DoorSocket', () => {
  it('reads no further than what was used', async () => {
    const socket = await accepted;
    const message = Buffer.alloc(MAX_MESSAGE_BYTES / 2);
    for (let count = 0; count < 60; count += 1) client.send(message);
    const messages = socket.messages();
    await messages.next();
    await waitFor(() => client.bufferedAmount > 0, { what: 'the client to wait' });
    for (let count = 1; count < 60; count += 1) expect((await messages.next()).value).toMatchObject({ isBinary: true });
    expect(client.bufferedAmount).toBe(0);
    client.close();
    expect(await messages.next()).toMatchObject({ done: true });
  });

  it('leaves a client that does not read', async () => {
    const socket = await accepted;
    client.pause();
    const text = 'x'.repeat(100_000);
    await waitFor(
      () => {
        socket.sendText(text);
        return socket.gone.aborted;
      },
      { what: 'the socket to give up' },
    );
    // Nothing is sent to whoever is gone.
    socket.sendText(text);
    await socket.close(CLOSE_CODES.ended, 'ended');
  });

  it('waits for the next message no longer than it is told to, and says why it closes', async () => {
    const socket = await accepted;
    expect(await socket.next(AbortSignal.timeout(10))).toBeNull();
    client.send('hello');
    expect(await socket.next(new AbortController().signal)).toMatchObject({ isBinary: false });
    const closed = once(client, 'close');
    await socket.close(CLOSE_CODES.refused, 'why');
    expect((await closed).map(String)).toEqual(['1008', 'why']);
  });
});
