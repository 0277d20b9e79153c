import { afterEach, describe, expect, it } from '@jest/globals';
import { Counter } from 'prom-client';
import { type HealthServer, startHealthServer } from './health-server.ts';
import { createMetrics } from './metrics.ts';

let server: HealthServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

type Checks = Parameters<typeof startHealthServer>[0]['checks'];

async function start(checks: Checks, vitals: Checks = {}): Promise<string> {
  const registry = createMetrics({ service: 'worker' });
  new Counter({ name: 'sotto_windows_total', help: 'Windows.', registers: [registry] }).inc(3);
  server = await startHealthServer({ port: 0, host: '127.0.0.1', registry, checks, vitals, checkTimeoutMs: 50 });
  return `http://127.0.0.1:${server.port}`;
}

describe('startHealthServer', () => {
  it('is alive, ready and measurable', async () => {
    const url = await start({ model_loaded: () => true, redis_connected: async () => true });
    expect(await (await fetch(`${url}/health/live`)).json()).toEqual({ status: 'alive', checks: {} });
    const ready = await fetch(`${url}/health/ready?verbose=1`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({ status: 'ready', checks: { model_loaded: true, redis_connected: true } });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('sotto_windows_total{service="worker"} 3');
    expect(metrics).toContain('process_cpu_seconds_total');
  });

  it('is not ready when a check says no, throws or never answers', async () => {
    const url = await start({
      no: () => false,
      broken: () => {
        throw new Error('broken');
      },
      stuck: () => new Promise<boolean>(() => {}),
      well: () => true,
    });
    const ready = await fetch(`${url}/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({
      status: 'not_ready',
      checks: { no: false, broken: false, stuck: false, well: true },
    });
  });

  it('is not alive when something vital has ended, whatever it is ready for', async () => {
    let runs = true;
    const url = await start({ queue: () => false }, { consumers: () => runs });
    const live = await fetch(`${url}/health/live`);
    expect([live.status, await live.json()]).toEqual([200, { status: 'alive', checks: { consumers: true } }]);
    runs = false;
    const dead = await fetch(`${url}/health/live`);
    expect([dead.status, await dead.json()]).toEqual([503, { status: 'dead', checks: { consumers: false } }]);
  });

  it('answers HEAD without a body, other paths with 404 and other methods with 405', async () => {
    const url = await start({});
    const head = await fetch(`${url}/health/live`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await fetch(`${url}/nothing`)).status).toBe(404);
    expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(405);
  });

  it('reports a port that is taken', async () => {
    await start({});
    const registry = createMetrics({ service: 'other' });
    const port = server?.port ?? 0;
    await expect(startHealthServer({ port, host: '127.0.0.1', registry, checks: {} })).rejects.toThrow(/EADDRINUSE/);
  });
});
