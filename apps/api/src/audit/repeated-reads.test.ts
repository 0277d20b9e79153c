import { expect, it } from '@jest/globals';
import type { AuditEntry } from '@sotto/contracts';
import { RepeatedReads } from './repeated-reads.ts';

const READ: AuditEntry = {
  time: '2026-11-30T00:00:00.000Z',
  action: 'admin.read',
  status: 200,
  error: null,
  key_id: 'admin',
  target: null,
  method: 'GET',
  path: '/admin/overview',
  address: '192.0.2.1',
  user_agent: null,
  request_id: 'r',
};

it('takes what the same caller reads again within ten minutes for the same read', () => {
  let nowMs = 0;
  const reads = new RepeatedReads(() => nowMs);
  expect(reads.isRepeated(READ)).toBe(false);
  for (nowMs = 5_000; nowMs < 600_000; nowMs += 5_000) expect(reads.isRepeated(READ)).toBe(true);
  nowMs = 600_000;
  expect(reads.isRepeated(READ)).toBe(false);
});

it('tells callers, addresses, paths, targets and answers apart', () => {
  const reads = new RepeatedReads(() => 0);
  reads.isRepeated(READ);
  const others = [{ key_id: 'k' }, { address: '192.0.2.2' }, { path: '/admin/keys' }, { target: 'k' }, { status: 503 }];
  expect(others.map((other) => reads.isRepeated({ ...READ, ...other }))).toEqual(others.map(() => false));
});

it('keeps no more than it must', () => {
  const reads = new RepeatedReads(() => 0);
  reads.isRepeated(READ);
  for (let i = 0; i < 10_000; i += 1) reads.isRepeated({ ...READ, target: String(i) });
  expect(reads.isRepeated(READ)).toBe(false);
});
