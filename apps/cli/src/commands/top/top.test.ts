import { describe, expect, it } from '@jest/globals';
import { samplesOf, valueIn } from './exposition.ts';
import { screenOf } from './screen.ts';
import type { Snapshot } from './snapshot.ts';

const NOTHING: Snapshot = {
  at: '2026-11-30T10:20:30.000Z',
  status: 'unhealthy',
  warnings: ['The queue (Redis) cannot be reached.'],
  recordings: null,
  audio_waiting_seconds: null,
  backlog_seconds: null,
  speed: null,
  lanes: [{ lane: 'interactive', recordings: null, oldest_waiting_seconds: null }],
  queues: [],
  workers: null,
  jobs: null,
};

describe('metrics in text', () => {
  const samples = samplesOf(
    '# HELP a b\n# TYPE a gauge\na{lane="batch",x="q\\"uote"} 2\na{lane="interactive"} 3.5\nb 1e3\nbroken\n',
  );

  it('are read with their labels', () => {
    expect(valueIn(samples, 'a', { lane: 'interactive' })).toBe(3.5);
    expect(valueIn(samples, 'b')).toBe(1000);
    expect(valueIn(samples, 'a', { lane: 'none' })).toBeNull();
    expect(samples).toHaveLength(3);
  });
});

describe('the screen', () => {
  it('says what is wrong, and shows what is not known as such', () => {
    const text = screenOf(NOTHING);
    expect(text).toContain('Sotto is unhealthy at 10:20:30 UTC: - recordings, - of audio waiting');
    expect(text).toContain('  ! The queue (Redis) cannot be reached.');
    expect(text).toContain('only shown with an admin key');
  });

  it('shows workers, queues and jobs in columns', () => {
    const engine = {
      kind: 'transcribe' as const,
      device: 'cpu',
      default_model: 'base',
      loaded_models: ['base'],
      too_large_models: ['medium', 'large-v3'],
    };
    const text = screenOf({
      ...NOTHING,
      backlog_seconds: 5400,
      queues: [{ queue: 'windows', waiting: 12, active: 3 }],
      workers: [
        {
          id: 'w1',
          roles: ['prepare', 'transcribe'],
          state: 'ready',
          draining: false,
          started_at: NOTHING.at,
          version: '1',
          engines: [{ ...engine, slots: 8, slots_busy: 3, speed: 12.34, live_sessions: 0, live_capacity: 0 }],
        },
        {
          id: 'w2',
          roles: ['prepare'],
          state: 'starting',
          draining: true,
          started_at: NOTHING.at,
          version: '1',
          engines: [],
        },
      ],
    });
    expect(text).toMatch(/windows +12 +3/);
    expect(text).toMatch(/w1 +ready +prepare,transcribe +cpu +base +3\/8 +12\.3 +medium,large-v3/);
    expect(text).toMatch(/w2 +draining +prepare +- +- +- +-/);
    expect(text).toContain('done in 90 min');
  });
});
