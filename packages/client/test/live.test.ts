import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '@sotto/testkit';
import { WebSocket, WebSocketServer } from 'ws';
import { Http } from '../src/http.ts';
import { type LiveEvent, SottoClient } from '../src/index.ts';
import { LiveTranscription } from '../src/live.ts';
import { errorBody, json } from './service.ts';

const SESSION = '6f1b1c1e-0000-4000-8000-000000000001';
const STARTED = { type: 'speech_started', utterance: 0, at: 0.5 } as const;
const ENDED = { type: 'ended', reason: 'client', heard: 1, job_id: null } as const;

interface Connection {
  socket: WebSocket;
  /** Text messages as objects, and how many bytes a binary one has. */
  said: unknown[];
  tell(...messages: object[]): void;
  hears(count: number): Promise<void>;
}

let server: Server;
let sockets: WebSocketServer;
let connections: Connection[];
let client: SottoClient;

beforeEach(async () => {
  connections = [];
  server = createServer((_, response) => json(response, 400, errorBody('invalid_request', 'This is a WebSocket.')));
  sockets = new WebSocketServer({ server, path: '/live' });
  sockets.on('connection', (socket) => {
    const said: unknown[] = [];
    socket.on('message', (data, isBinary) =>
      said.push(isBinary ? (data as Buffer).length : (JSON.parse(String(data)) as unknown)),
    );
    connections.push({
      socket,
      said,
      tell: (...messages) => {
        for (const message of messages) socket.send(JSON.stringify(message));
      },
      hears: async (count) => {
        await waitFor(() => said.length >= count, { what: `${count} messages` });
      },
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new SottoClient({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, apiKey: 'a&b' });
});
afterEach(async () => {
  for (const { socket } of connections) socket.terminate();
  await new Promise((resolve) => sockets.close(resolve));
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
});

const connection = (index: number): Promise<Connection> =>
  waitFor(() => connections[index] ?? false, { what: `connection ${index}` });

const session = (received_samples: number) => ({ type: 'session', session_id: SESSION, received_samples });

async function all(events: AsyncIterable<LiveEvent>): Promise<LiveEvent[]> {
  const told: LiveEvent[] = [];
  for await (const event of events) told.push(event);
  return told;
}

describe('live', () => {
  it('sends what it is asked for, then audio and what is said in between, and tells what comes until the end', async () => {
    const live = client.live({ WebSocket, language: 'en', format: { encoding: 'pcm_s16le', sample_rate: 8_000 } });
    const told = all(live);
    void live.send(new Uint8Array(1_600));
    live.commit();
    live.update({ language: 'de' });
    live.end();
    const first = await connection(0);
    await first.hears(1);
    expect(first.said).toEqual([
      { type: 'start', language: 'en', format: { encoding: 'pcm_s16le', sample_rate: 8_000 } },
    ]);
    first.tell(session(0));
    await first.hears(5);
    expect(first.said.slice(1)).toEqual([
      1_600,
      { type: 'commit' },
      { type: 'update', language: 'de' },
      { type: 'end' },
    ]);
    first.tell({ ...STARTED, id: '1-0' }, { type: 'of_next_year', id: '1-1' }, { ...ENDED, id: '2-0' });
    expect(await told).toEqual([
      { ...STARTED, id: '1-0' },
      { ...ENDED, id: '2-0' },
    ]);
    expect(live.sessionId).toBe(SESSION);
  });

  it('goes on after a break with what the service does not have, and with the events after the last one', async () => {
    const live = client.live({ WebSocket });
    const told = all(live);
    const first = await connection(0);
    first.tell(session(0));
    void live.send(new Uint8Array(3_200));
    live.clear();
    void live.send(new Uint8Array(3_200));
    await first.hears(4);
    first.tell({ ...STARTED, id: '1-0' });
    await waitFor(() => live.sessionId !== null, { what: 'the session' });
    first.socket.terminate();
    const second = await connection(1);
    await second.hears(1);
    expect(second.said).toEqual([{ type: 'resume', session_id: SESSION, last_event_id: '1-0' }]);
    void live.send(new Uint8Array(100));
    second.tell(session(1_000));
    await second.hears(5);
    expect(second.said.slice(1)).toEqual([1_200, { type: 'clear' }, 3_200, 100]);
    second.tell({ ...ENDED, id: '2-0' });
    expect((await told).map(({ type }) => type)).toEqual(['speech_started', 'ended']);
  });

  it('goes on with a session of another process, and says when there is a connection', async () => {
    const isOpen: boolean[] = [];
    const resume = { sessionId: SESSION, lastEventId: '1-0', fromSample: 1_000 };
    const live = client.live({ WebSocket, resume, onConnection: (isThere) => isOpen.push(isThere) });
    const told = all(live);
    void live.send(new Uint8Array(2_000));
    const first = await connection(0);
    await first.hears(1);
    expect(first.said).toEqual([{ type: 'resume', session_id: SESSION, last_event_id: '1-0' }]);
    first.tell(session(1_400));
    await first.hears(2);
    expect(first.said.slice(1)).toEqual([1_200]);
    expect(live.acknowledgedSamples).toBe(1_400);
    first.socket.terminate();
    const second = await connection(1);
    second.tell(session(2_000), { ...ENDED, id: '2-0' });
    expect(await told).toHaveLength(1);
    expect(isOpen).toEqual([true, false, true]);
  });

  it('is refused by code, with when to try again, and not tried again', async () => {
    const told = all(client.live({ WebSocket }));
    const first = await connection(0);
    first.tell({ type: 'error', error: 'live_full', message: 'For people.', detail: 'No.', retry_after: 10 });
    first.socket.close(1013);
    await expect(told).rejects.toMatchObject({ code: 'live_full', retryAfterSeconds: 10 });
    expect(connections).toHaveLength(1);
  });

  it('finds out why a handshake is refused', async () => {
    sockets.close();
    server.removeAllListeners('upgrade').on('upgrade', (_, socket) => socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n'));
    server.removeAllListeners('request').on('request', (request, response) => {
      expect(request.url).toBe('/live');
      expect(request.headers['x-api-key']).toBe('a&b');
      json(response, 401, errorBody('unauthorized', 'Who are you?'));
    });
    await expect(all(client.live({ WebSocket }))).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('sends its key in the address', async () => {
    const asked = once(server, 'upgrade');
    const leave = new AbortController();
    const told = all(client.live({ WebSocket, signal: leave.signal }));
    const [request] = await asked;
    expect(request.url).toBe('/live?api_key=a%26b');
    leave.abort(new Error('enough'));
    await expect(told).rejects.toThrow('enough');
  });

  it('ends the session when whoever listens leaves', async () => {
    const live = client.live({ WebSocket });
    const first = await connection(0);
    const closed = once(first.socket, 'close');
    first.tell(session(0), { ...STARTED, id: '1-0' });
    for await (const _ of live) break;
    await closed;
    expect(first.said.at(-1)).toEqual({ type: 'end' });
    await live.send(new Uint8Array(2));
    expect(connections).toHaveLength(1);
  });

  it('gives up a connection that says nothing while audio waits', async () => {
    const http = new Http({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
    const live = new LiveTranscription(http, { WebSocket }, 200);
    const told = all(live);
    const first = await connection(0);
    first.tell(session(0));
    void live.send(new Uint8Array(320));
    const second = await connection(1);
    second.tell(session(160), { ...ENDED, id: '1-0' });
    expect(await told).toHaveLength(1);
  });

  it('lets a source that can wait do so', async () => {
    const live = client.live({ WebSocket });
    const told: LiveEvent[] = [];
    const following = (async () => {
      for await (const event of live) told.push(event);
    })();
    const first = await connection(0);
    first.tell(session(0));
    let isTaken = false;
    const taken = live.send(new Uint8Array(11 * 32_000)).then(() => {
      isTaken = true;
    });
    await first.hears(2);
    first.tell({ type: 'acknowledged', received_samples: 10_000 });
    first.tell({ ...STARTED, id: '1-0' });
    await waitFor(() => told.length === 1, { what: 'the event behind it' });
    expect(isTaken).toBe(false);
    first.tell({ type: 'acknowledged', received_samples: 20_000 });
    await taken;
    first.tell({ ...ENDED, id: '2-0' });
    await following;
  });
});
