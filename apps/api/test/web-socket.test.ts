import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCommand, type Service, startService, waitFor } from '@sotto/testkit';
import { WebSocket } from 'ws';
import { parseSse } from './support/jobs.ts';
import { wav } from './support/media.ts';
import { recording } from './support/recordings.ts';
import { formOf, parseObject, send } from './support/replies.ts';

const KEYS = { ENABLE_API_KEY: 'true', API_KEY: 'the-first-key', ADMIN_API_KEY: 'the-admin-key' };
const FIRST = { 'X-API-Key': KEYS.API_KEY };

let service: Service;

beforeAll(async () => {
  service = await startService({ apiEnv: { ...KEYS, CORS_ORIGINS: 'https://friend.example' } });
});

afterAll(async () => {
  await service?.close({ leftovers: true });
});

interface Heard {
  messages: Record<string, unknown>[];
  closed: Promise<{ code: number; reason: string }>;
  socket: WebSocket;
}

function address(jobId: string, query = '', base = service.url): string {
  return `${base.replace('http', 'ws')}/jobs/${jobId}/events${query}`;
}

async function listen(url: string, headers: Record<string, string> = FIRST): Promise<Heard> {
  const socket = new WebSocket(url, { headers });
  const messages: Heard['messages'] = [];
  socket.on('message', (data) => messages.push(JSON.parse(String(data)) as Record<string, unknown>));
  const closed = once(socket, 'close').then(([code, reason]) => ({ code: Number(code), reason: String(reason) }));
  closed.catch(() => {});
  await once(socket, 'open');
  return { messages, closed, socket };
}

/** The HTTP answer to a handshake that is refused. */
async function refused(
  url: string,
  headers: Record<string, string> = FIRST,
): Promise<{ status: number; code: unknown }> {
  const socket = new WebSocket(url, { headers });
  const [, response] = await once(socket, 'unexpected-response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode, code: parseObject(String(Buffer.concat(chunks)))?.error };
}

async function submit(bytes: Uint8Array, base = service.url): Promise<string> {
  const form = formOf({ bytes }, { async: 'true', language: 'en', cache: 'false' });
  const reply = await send(`${base}/transcribe`, { method: 'POST', body: form, headers: FIRST });
  expect(reply.status).toBe(202);
  return String(reply.json?.job_id);
}

async function sse(jobId: string, query = ''): Promise<Record<string, unknown>[]> {
  const reply = await send(`${service.url}/jobs/${jobId}/events${query}`, { headers: query === '' ? FIRST : {} });
  return parseSse(reply.text).map(({ id, data }) => ({ id, ...data }));
}

describe('a WebSocket on the events of a job', () => {
  it('has the messages of the SSE stream, live and in order, and closes after the end', async () => {
    const jobId = await submit((await recording(301, 12, 1_500)).wav);
    const live = await listen(address(jobId));
    expect(await live.closed).toEqual({ code: 1000, reason: 'ended' });
    expect(live.messages.at(-1)).toMatchObject({ type: 'completed', result_url: `/jobs/${jobId}/result` });
    expect(live.messages).toEqual(await sse(jobId));
    const versioned = await listen(address(jobId).replace('/jobs/', '/v1/jobs/'));
    await versioned.closed;
    expect(versioned.messages.at(-1)).toMatchObject({ result_url: `/v1/jobs/${jobId}/result` });
  });

  it('goes on where the last one stopped, and says so when nothing is left', async () => {
    const jobId = await submit((await recording(302, 3, 1_500)).wav);
    const all = await listen(address(jobId));
    await all.closed;
    const middle = all.messages[1];
    const rest = await listen(address(jobId, `?last_event_id=${middle?.id}`));
    expect((await rest.closed).code).toBe(1000);
    expect(rest.messages).toEqual(all.messages.slice(2));
    const none = await listen(address(jobId, `?last_event_id=${all.messages.at(-1)?.id}`));
    expect((await none.closed).code).toBe(1000);
    expect(none.messages).toEqual([]);
  });

  it('takes the key from the query, as the SSE stream does, and no other', async () => {
    const jobId = await submit(wav());
    const heard = await listen(address(jobId, `?api_key=${KEYS.API_KEY}`), {});
    expect((await heard.closed).code).toBe(1000);
    expect(await sse(jobId, `?api_key=${KEYS.API_KEY}`)).toEqual(heard.messages);
    expect(await refused(address(jobId), {})).toEqual({ status: 401, code: 'unauthorized' });
    expect(await refused(address(jobId, '?api_key=wrong-key'), {})).toEqual({ status: 403, code: 'forbidden' });
    const elsewhere = await send(`${service.url}/jobs/${jobId}?api_key=${KEYS.API_KEY}`);
    expect(elsewhere.status).toBe(401);
  });

  it("is refused like any request: another key's job, no job, a page of another site", async () => {
    const jobId = await submit(wav());
    expect(await refused(address(jobId), { 'X-API-Key': KEYS.ADMIN_API_KEY })).toEqual({
      status: 404,
      code: 'job_not_found',
    });
    expect(await refused(address('00000000-0000-4000-8000-000000000000'))).toMatchObject({ status: 404 });
    expect(await refused(address(jobId).replace('events', 'result'))).toMatchObject({ status: expect.any(Number) });
    expect(await refused(address(jobId), { ...FIRST, Origin: 'https://evil.example' })).toEqual({
      status: 403,
      code: 'origin_not_allowed',
    });
    for (const origin of ['https://friend.example', service.url]) {
      expect((await (await listen(address(jobId), { ...FIRST, Origin: origin })).closed).code).toBe(1000);
    }
  });

  it('ends at once when its listener says too much', async () => {
    const jobId = await submit((await recording(303, 12, 1_500)).wav);
    const heard = await listen(address(jobId));
    heard.socket.send('x'.repeat(5_000));
    expect((await heard.closed).code).toBe(1009);
    await send(`${service.url}/jobs/${jobId}`, { method: 'DELETE', headers: FIRST });
  });

  it('is closed with 1001 by a process that stops, and goes on with another without a gap', async () => {
    const leaving = await service.addApi();
    const jobId = await submit((await recording(304, 20, 1_500)).wav);
    const first = await listen(address(jobId, '', leaving.url));
    await waitFor(() => first.messages.length > 0, { what: 'the first message' });
    const stopped = leaving.process.stop();
    expect((await first.closed).code).toBe(1001);
    expect((await stopped).code).toBe(0);
    const second = await listen(address(jobId, `?last_event_id=${first.messages.at(-1)?.id}`));
    await second.closed;
    expect([...first.messages, ...second.messages]).toEqual(await sse(jobId));
  });
});

describe('a request that asks for another protocol', () => {
  it('is served as if it had not, with its body', async () => {
    const file = join(service.folder, 'a.wav');
    await writeFile(file, wav(3_000));
    const curl = ['-sS', '--http2', '-H', `X-API-Key: ${KEYS.API_KEY}`, '-F', `file=@${file}`, '-F', 'async=true'];
    const { stdout } = await runCommand('curl', [...curl, '-w', ' %{http_code}', `${service.url}/transcribe`]);
    expect(String(stdout)).toMatch(/"status":"processing".* 202$/);
    const upgrade = ['-H', 'Connection: Upgrade', '-H', 'Upgrade: h2c'];
    const plain = await runCommand('curl', ['-sS', ...upgrade, `${service.url}/health/live`]);
    expect(plain.stdout.length).toBeGreaterThan(0);
    expect(plain.code).toBe(0);
  });
});
