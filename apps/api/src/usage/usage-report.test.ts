import { describe, expect, it } from '@jest/globals';
import { quotaView, usageCsv, usageReport } from './usage-report.ts';

const RANGE = { from: '2026-11-01', to: '2026-11-30' };
const PRICE = { perAudioMinute: 0.006, perThousandCharacters: 0.015, currency: 'EUR' };
const USED = [
  { day: '2026-11-20', keyId: 'k1', requests: 3, done: { audio_ms: 90_000, characters: 0 }, processingMs: 4_500 },
  { day: '2026-11-21', keyId: null, requests: 1, done: { audio_ms: 1, characters: 2_000 }, processingMs: 0 },
];

describe('usageReport', () => {
  it('adds up, names keys, and prices minutes and characters', () => {
    const report = usageReport(RANGE, USED, PRICE, new Map([['k1', 'Bazarr']]));
    expect(report.days).toEqual([
      {
        day: '2026-11-20',
        key_id: 'k1',
        name: 'Bazarr',
        requests: 3,
        audio_seconds: 90,
        processing_seconds: 4.5,
        cost: 0.009,
        characters: 0,
      },
      {
        day: '2026-11-21',
        key_id: null,
        name: null,
        requests: 1,
        audio_seconds: 0.001,
        processing_seconds: 0,
        cost: 0.03,
        characters: 2_000,
      },
    ]);
    const total = { requests: 4, audio_seconds: 90.001, processing_seconds: 4.5, cost: 0.039, characters: 2_000 };
    expect(report.total).toEqual(total);
    expect(usageReport(RANGE, [], PRICE, new Map()).total).toMatchObject({ requests: 0, cost: 0 });
  });
});

describe('usageCsv', () => {
  it('quotes what needs it, and lets no name be a formula', () => {
    const names = new Map([['k1', '=1+1, "x"']]);
    expect(usageCsv(usageReport(RANGE, USED, PRICE, names))).toBe(
      [
        'day,key_id,name,requests,audio_seconds,processing_seconds,cost,currency,characters',
        `2026-11-20,k1,"'=1+1, ""x""",3,90,4.5,0.009,EUR,0`,
        '2026-11-21,,,1,0.001,0,0.03,EUR,2000',
        '',
      ].join('\r\n'),
    );
  });
});

describe('quotaView', () => {
  it('is in minutes, or in characters', () => {
    const state = {
      name: 'day' as const,
      unit: 'audio_ms' as const,
      limit: 600_000,
      used: 90_000,
      reserved: 1_000,
      resetsAtMs: 0,
      warnedAtMs: null,
      reachedAtMs: 1,
    };
    expect(quotaView(state)).toEqual({
      quota: 'day',
      limit_minutes: 10,
      used_minutes: 1.5,
      held_minutes: 0.02,
      resets_at: '1970-01-01T00:00:00.000Z',
      warned_at: null,
      reached_at: '1970-01-01T00:00:00.001Z',
    });
    expect(quotaView({ ...state, unit: 'characters', limit: 60, used: 39, reserved: 5 })).toMatchObject({
      quota: 'day',
      limit_characters: 60,
      used_characters: 39,
      held_characters: 5,
    });
  });
});
