import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Service, startService } from '@sotto/testkit';
import { wav } from './support/media.ts';
import { expectError, formOf, type Reply, send } from './support/replies.ts';
import { startUnready } from './support/unready.ts';

const PER_MINUTE = 7;
let service: Service;
let urls: string[];

beforeAll(async () => {
  service = await startService({
    workers: 0,
    apiEnv: { ENABLE_RATE_LIMIT: 'true', RATE_LIMIT_PER_MINUTE: String(PER_MINUTE), TRUST_PROXY: '1' },
  });
  const other = await service.addApi();
  urls = [service.url, other.url];
});

afterAll(async () => {
  await service?.close({ leftovers: true });
});

/** From a client that the trusted proxy says it is. */
function post(url: string, client: string): Promise<Reply> {
  const body = formOf({ bytes: wav() }, { async: 'true' });
  return send(`${url}/transcribe`, { method: 'POST', body, headers: { 'X-Forwarded-For': client } });
}

describe('the rate limit', () => {
  it('lets exactly so many requests a minute through, over all API processes', async () => {
    const replies = await Promise.all(Array.from({ length: 20 }, (_, i) => post(String(urls[i % 2]), '203.0.113.7')));
    const through = replies.filter(({ status }) => status === 202);
    const refused = replies.filter(({ status }) => status === 429);
    expect({ through: through.length, refused: refused.length }).toEqual({ through: PER_MINUTE, refused: 13 });
    for (const reply of refused) {
      expectError(reply, 429, 'rate_limit_exceeded');
      expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(Number(reply.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    }
    expect(through[0]?.headers.get('ratelimit-policy')).toBe(`"default";q=${PER_MINUTE};w=60`);
    const left = through.map(({ headers }) => Number(/r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]));
    expect(left.sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('is each client\u2019s own', async () => {
    expect((await post(service.url, '203.0.113.8')).status).toBe(202);
    expect((await post(service.url, '203.0.113.7')).status).toBe(429);
  });

  it('counts an IPv6 network as one client', async () => {
    const replies = await Promise.all(
      Array.from({ length: PER_MINUTE + 1 }, (_, i) => post(service.url, `2001:db8:1:2::${i + 1}`)),
    );
    expect(replies.filter(({ status }) => status === 429)).toHaveLength(1);
  });

  it('does not count what creates no work', async () => {
    const headers = { 'X-Forwarded-For': '203.0.113.9' };
    for (const path of ['/health', '/models', '/jobs', '/metrics']) {
      const statuses = await Promise.all(
        Array.from({ length: PER_MINUTE + 3 }, async () => (await send(service.url + path, { headers })).status),
      );
      expect(new Set(statuses)).toEqual(new Set([200]));
    }
    expect((await post(service.url, '203.0.113.9')).status).toBe(202);
  });

  it('believes no forwarded address unless a proxy is trusted', async () => {
    const strict = await service.addApi({ TRUST_PROXY: 'false' });
    const replies = await Promise.all(
      Array.from({ length: PER_MINUTE + 2 }, (_, i) => post(strict.url, `198.51.100.${i}`)),
    );
    expect(replies.filter(({ status }) => status === 429)).toHaveLength(2);
  });
});

describe('a service without room', () => {
  it.each([
    ['memory', { MEMORY_THRESHOLD_PERCENT: '1' }, 'memory_pressure'],
    ['disk', { MIN_FREE_DISK: '1000000000000000' }, 'disk_full'],
    ['a short queue', { MAX_QUEUE_LENGTH: '1' }, 'service_full'],
    ['a short backlog', { MAX_QUEUED_HOURS: '0.00001' }, 'service_full'],
    ['a writable folder', { TEMP_DIR: '/dev/null/no-folder' }, 'storage_unavailable'],
  ])('refuses work for want of %s, and answers the rest', async (_what, env, code) => {
    const api = await startUnready(service, { ...env, ENABLE_RATE_LIMIT: 'false' });
    try {
      const reply = await post(api.url, '203.0.113.10');
      expectError(reply, 503, code);
      expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await send(`${api.url}/health/live`)).status).toBe(200);
      expect((await send(`${api.url}/jobs`)).status).toBe(200);
    } finally {
      await api.process.stop();
    }
  });
});
