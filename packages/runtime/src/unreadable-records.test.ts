import { expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { silentLogger } from './logger.ts';
import { unreadableRecords } from './unreadable-records.ts';

it('counts every time, and names each record in the log once', async () => {
  const registry = new Registry();
  const lines: unknown[] = [];
  const saw = unreadableRecords(registry, { ...silentLogger, warning: (_message, fields) => lines.push(fields) });
  const reason = new Error('no such role');
  saw('heartbeat', 'a', reason);
  saw('heartbeat', 'a', reason);
  saw('model', 'a', reason);
  expect(lines).toEqual([
    { record: 'heartbeat', id: 'a', error: reason },
    { record: 'model', id: 'a', error: reason },
  ]);
  const text = await registry.metrics();
  expect(text).toContain('sotto_unreadable_records_total{record="heartbeat"} 2');
  expect(text).toContain('sotto_unreadable_records_total{record="model"} 1');
});
