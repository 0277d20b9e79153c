import { describe, expect, it } from '@jest/globals';
import type { AuditEntry } from '@sotto/contracts';
import { silentLogger } from '@sotto/runtime';
import { Registry } from 'prom-client';
import { AuditLog } from './audit-log.ts';

const entry = (id: number): AuditEntry => ({
  time: '2026-11-21T12:00:00.000Z',
  action: 'job.delete',
  status: 200,
  error: null,
  key_id: null,
  target: null,
  method: 'DELETE',
  path: '/jobs/{id}',
  address: null,
  user_agent: null,
  request_id: String(id),
});

/** A stream whose writes end when the test says so. */
function opened() {
  const written: string[][] = [];
  const ends: ((error?: Error) => void)[] = [];
  const append = (entries: readonly AuditEntry[]) =>
    new Promise<void>((resolve, reject) => {
      written.push(entries.map(({ request_id }) => request_id));
      ends.push((error) => (error ? reject(error) : resolve()));
    });
  const registry = new Registry();
  const log = new AuditLog({ stream: { append }, file: null, logger: silentLogger, registry });
  const lost = async () => (await registry.getSingleMetric('sotto_audit_entries_lost_total')?.get())?.values[0]?.value;
  const begun = async (writes: number) => {
    while (written.length < writes) await new Promise((resolve) => setImmediate(resolve));
  };
  return { log, written, begun, end: (error?: Error) => ends.shift()?.(error), lost };
}

describe('AuditLog', () => {
  it('writes together what came in a moment, or while it wrote, in order, and is idle when all is written', async () => {
    const { log, written, begun, end } = opened();
    for (const id of [1, 2, 3]) log.record(entry(id));
    let isIdle = false;
    const idle = log.idle().then(() => {
      isIdle = true;
    });
    await begun(1);
    for (const id of [4, 5]) log.record(entry(id));
    end();
    await begun(2);
    expect(written).toEqual([
      ['1', '2', '3'],
      ['4', '5'],
    ]);
    expect(isIdle).toBe(false);
    end();
    await idle;
    log.record(entry(6));
    await begun(3);
    expect(written.at(-1)).toEqual(['6']);
    end();
    await log.idle();
  });

  it('counts every entry that could not be written, and goes on', async () => {
    const { log, written, begun, end, lost } = opened();
    for (const id of [1, 2, 3]) log.record(entry(id));
    await begun(1);
    log.record(entry(4));
    end(new Error('away'));
    await begun(2);
    expect(await lost()).toBe(3);
    end();
    await log.idle();
    expect(written).toEqual([['1', '2', '3'], ['4']]);
    expect(await lost()).toBe(3);
  });
});
