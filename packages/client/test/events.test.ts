import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type JobEvent, SottoClient } from '../src/index.ts';
import { errorBody, JOB_ID, json, Service, status } from './service.ts';

let service: Service;
let client: SottoClient;
beforeEach(async () => {
  service = await Service.start();
  client = new SottoClient({ baseUrl: service.url });
});
afterEach(() => service.close());

const EVENTS = [
  { type: 'progress', stage: 'transcribing', progress: 10 },
  { type: 'text', start: 0, end: 1.5, text: 'Grüße, 世界.' },
  { type: 'progress', stage: 'assembling', progress: 99 },
  { type: 'completed', result_url: '/r' },
] as const;

function begin(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  response.write('retry: 2000\n\n');
}

function message(index: number): string {
  return `id: ${index + 1}-0\nevent: ${EVENTS[index]?.type}\ndata: ${JSON.stringify(EVENTS[index])}\n\n`;
}

/** What a service sends after this Last-Event-ID. */
function rest(request: IncomingMessage): number {
  return Number(String(request.headers['last-event-id'] ?? '0-0').split('-')[0]);
}

async function collect(events: AsyncIterable<JobEvent>): Promise<JobEvent[]> {
  const all: JobEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

const path = `GET /jobs/${JOB_ID}/events`;
const expected = EVENTS.map((event, index) => ({ id: `${index + 1}-0`, event }));

describe('events', () => {
  it('come in order, whole, however the bytes are cut', async () => {
    service.on(path, async (request, response) => {
      expect(request.headers.accept).toBe('text/event-stream');
      begin(response);
      const bytes = Buffer.from(`: still here\n\n${EVENTS.map((_, index) => message(index)).join('')}`);
      for (let at = 0; at < bytes.length; at += 7) {
        await new Promise((resolve) => response.write(bytes.subarray(at, at + 7), resolve));
      }
      response.end();
    });
    expect(await collect(client.events(JOB_ID))).toEqual(expected);
  });

  it('go on after the last one when the line breaks, also in the middle of one', async () => {
    service.on(path, (request, response) => {
      const from = rest(request);
      if (from === 1) {
        json(response, 503, errorBody('queue_unavailable', 'Redis is away.'), { 'retry-after': '0' });
        service.on(path, (again, second) => {
          begin(second);
          for (let index = rest(again); index < EVENTS.length; index += 1) second.write(message(index));
          second.end();
        });
        return;
      }
      begin(response);
      response.write(message(0));
      response.write(message(1).slice(0, 30), () => response.destroy());
    });
    expect(await collect(client.events(JOB_ID))).toEqual(expected);
    expect(service.seen).toHaveLength(3);
  });

  it('begin after a given one, and end when nothing more will come', async () => {
    service.on(path, (request, response) => {
      expect(request.headers['last-event-id']).toBe('4-0');
      response.writeHead(204).end();
    });
    expect(await collect(client.events(JOB_ID, { afterId: '4-0' }))).toEqual([]);
  });

  it('skip what a newer service may send', async () => {
    service.on(path, (_request, response) => {
      begin(response);
      response.write('id: 1-0\nevent: speaker\ndata: {"type":"speaker","name":"Anna"}\n\nid: 2-0\ndata: not json\n\n');
      response.end(message(3));
    });
    expect(await collect(client.events(JOB_ID))).toEqual([expected[3]]);
  });

  it('are refused by code, without trying again', async () => {
    service.on(path, (_request, response) => json(response, 404, errorBody('job_not_found', 'No such job.')));
    await expect(collect(client.events(JOB_ID))).rejects.toMatchObject({ code: 'job_not_found' });
    expect(service.seen).toHaveLength(1);
  });

  it('are given up when patience ends', async () => {
    service.on(path, (_request, response) => json(response, 503, errorBody('shutting_down', 'Stopping.')));
    await expect(collect(client.events(JOB_ID, { giveUpAfterMs: 0 }))).rejects.toMatchObject({ code: 'shutting_down' });
  });

  it('let go of the line when the listener leaves or the signal says so', async () => {
    const left: Promise<void>[] = [];
    service.on(path, (_request, response) => {
      left.push(new Promise((resolve) => response.once('close', resolve)));
      begin(response);
      response.write(message(0));
    });
    for await (const { id } of client.events(JOB_ID)) {
      expect(id).toBe('1-0');
      break;
    }
    await left[0];
    const leave = new AbortController();
    const waiting = client.wait(JOB_ID, { signal: leave.signal, onEvent: () => leave.abort(new Error('left')) });
    await expect(waiting).rejects.toThrow('left');
    await left[1];
  });
});

describe('wait', () => {
  it('resolves with the status, and goes on while the job does', async () => {
    const states = ['processing', 'completed'];
    service.on(path, (request, response) => {
      if (rest(request) >= EVENTS.length) {
        response.writeHead(204).end();
        return;
      }
      begin(response);
      response.end(EVENTS.map((_, index) => message(index)).join(''));
    });
    service.on(`GET /jobs/${JOB_ID}`, (_request, response) =>
      json(response, 200, status(states.shift() ?? 'completed')),
    );
    const seen: string[] = [];
    const done = await client.wait(JOB_ID, { onEvent: ({ type }) => seen.push(type) });
    expect(done.status).toBe('completed');
    expect(seen).toEqual(['progress', 'text', 'progress', 'completed']);
    expect(states).toEqual([]);
  });

  it('rejects when the job was cancelled', async () => {
    service.on(path, (_request, response) => {
      begin(response);
      response.end('id: 1-0\nevent: cancelled\ndata: {"type":"cancelled"}\n\n');
    });
    service.on(`GET /jobs/${JOB_ID}`, (_request, response) => json(response, 200, status('cancelled')));
    await expect(client.wait(JOB_ID)).rejects.toMatchObject({ code: 'job_cancelled' });
  });
});
