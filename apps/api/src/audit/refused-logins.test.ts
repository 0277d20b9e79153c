import { describe, expect, it } from '@jest/globals';
import type { AuditEntry } from '@sotto/contracts';
import { RefusedLogins } from './refused-logins.ts';

const refusal = (address: string): AuditEntry => ({
  time: '2026-11-21T12:00:00.000Z',
  action: 'login.refused',
  status: 403,
  error: 'forbidden',
  key_id: null,
  target: null,
  method: 'GET',
  path: '/jobs',
  address,
  user_agent: null,
  request_id: 'x',
});

describe('RefusedLogins', () => {
  it('records the first ten of a network in a minute, and the number of the others', () => {
    let nowMs = 0;
    const recorded: AuditEntry[] = [];
    const logins = new RefusedLogins(
      (entry) => recorded.push(entry),
      () => nowMs,
    );
    for (let i = 0; i < 100; i += 1) logins.note(refusal(`203.0.113.${i}`));
    logins.note(refusal('198.51.100.1'));
    expect(recorded).toHaveLength(11);
    nowMs = 60_000;
    logins.settle();
    expect(recorded.slice(11)).toEqual([{ ...refusal('203.0.113.0/24'), count: 90 }]);
    logins.note(refusal('203.0.113.1'));
    expect(recorded).toHaveLength(13);
  });

  it('loses no number when there are too many networks, or the process stops', () => {
    const recorded: AuditEntry[] = [];
    const logins = new RefusedLogins(
      (entry) => recorded.push(entry),
      () => 0,
    );
    for (let i = 0; i < 12; i += 1) logins.note(refusal('10.255.0.1'));
    for (let i = 0; i < 10_000; i += 1) logins.note(refusal(`10.${i >> 8}.${i & 255}.1`));
    expect(recorded.filter(({ count }) => count === 2)).toHaveLength(1);
    for (let i = 0; i < 12; i += 1) logins.note(refusal('10.254.0.1'));
    logins.settle(true);
    expect(recorded.filter(({ count }) => count === 2)).toHaveLength(2);
  });
});
