import { describe, expect, it } from '@jest/globals';
import { type Heartbeat, WORKER_PROTOCOL } from '@sotto/contracts';
import fc from 'fast-check';
import { backlogSeconds, fleetSpeed } from './fleet-speed.ts';
import { stateOf } from './redis-state.ts';

const worker = (speed: number | null, beat: Partial<Heartbeat> = {}): Heartbeat => ({
  protocol: WORKER_PROTOCOL,
  workerId: 'w',
  roles: ['transcribe'],
  startedAtMs: 0,
  state: 'ready',
  engines: [{ kind: 'transcribe', device: 'cpu', defaultModel: 'tiny', models: [], slots: 1, busy: 0, speed }],
  metricsUrl: null,
  version: '0',
  ...beat,
});

describe('the speed of the fleet', () => {
  it('is the mean of the workers that have measured, and counts only those that are ready and transcribe', () => {
    const others = [worker(100, { state: 'starting' }), worker(100, { roles: ['prepare'], engines: [] })];
    expect(fleetSpeed([worker(10), worker(30), worker(null), ...others], 5)).toEqual({ workers: 3, workerRtfx: 20 });
  });

  it('is the last one known while nobody is there, and slow before anybody has measured', () => {
    expect(fleetSpeed([], 12.5)).toEqual({ workers: 0, workerRtfx: 12.5 });
    expect(fleetSpeed([worker(null)], null)).toEqual({ workers: 1, workerRtfx: 1 });
  });
});

describe('seconds of backlog', () => {
  it('do not depend on how many workers there are, for one worker, and are shared by them, for each', () => {
    expect(backlogSeconds(3_600_000, { workers: 0, workerRtfx: 10 })).toEqual({ all: 360, each: 360 });
    expect(backlogSeconds(3_600_000, { workers: 4, workerRtfx: 10 })).toEqual({ all: 360, each: 90 });
    const count = fc.integer({ min: 1, max: 1000 });
    fc.assert(
      fc.property(
        fc.nat(1e9),
        count,
        fc.double({ min: 0.1, max: 1000, noNaN: true }),
        (audioMs, workers, workerRtfx) => {
          const { all, each } = backlogSeconds(audioMs, { workers, workerRtfx });
          expect(each * workers).toBeCloseTo(all, 3);
          expect(backlogSeconds(audioMs, { workers: 0, workerRtfx }).all).toBe(all);
        },
      ),
    );
  });
});

describe('the state of Redis', () => {
  it('is read from INFO', () => {
    const info = [
      '# Memory',
      'used_memory:1024',
      'maxmemory:4096',
      'aof_enabled:1',
      'aof_last_write_status:ok',
      'aof_last_bgrewrite_status:err',
      'aof_rewrite_in_progress:1',
      'connected_clients:7',
    ].join('\r\n');
    expect(stateOf(info)).toEqual({
      usedBytes: 1024,
      limitBytes: 4096,
      isAppendOnly: true,
      isAppendOnlyHealthy: false,
      isRewriting: true,
      connectedClients: 7,
    });
  });

  it('has no limit where `maxmemory` is 0, and is healthy where there is no append-only file', () => {
    expect(stateOf('used_memory:1\r\nmaxmemory:0\r\naof_enabled:0')).toMatchObject({
      limitBytes: null,
      isAppendOnly: false,
      isAppendOnlyHealthy: true,
    });
  });
});
