import { describe, expect, it } from '@jest/globals';
import { DEFAULT_RUN_OPTIONS, type EngineKind, type EngineReport, type Run } from '@sotto/contracts';
import { FairShares } from '@sotto/queue';
import { costPerMs, estimateEndMs } from './estimate.ts';

const NOW = 1_000_000;
const run: Run = {
  kind: 'transcription',
  id: '00000000-0000-4000-8000-000000000000',
  status: 'processing',
  stage: 'queued',
  progress: 0,
  upload: { blobKey: 'k', sha256: 'a'.repeat(64), bytes: 1_764_000, container: 'wav', fileName: 'a.wav' },
  options: DEFAULT_RUN_OPTIONS,
  lane: 'batch',
  keyId: null,
  createdAtMs: NOW - 10_000,
  startedAtMs: null,
  endedAtMs: null,
  durationMs: null,
  windowsTotal: null,
  windowsDone: 0,
  error: null,
  warnings: [],
  result: null,
  waiting: null,
  leastWorker: 1,
  extras: {},
};

/** Of this run, and of another one. */
const shares = (cost: number, ofOther = 0): FairShares => {
  const common = { lane: 'batch', keyId: null, weight: 1 } as const;
  return new FairShares([
    { ...common, id: run.id, cost },
    ...(ofOther > 0 ? [{ ...common, id: 'other', cost: ofOther }] : []),
  ]);
};

describe('estimateEndMs', () => {
  it('goes by the pace of the run itself once it has one', () => {
    const half: Run = { ...run, stage: 'transcribing', progress: 50, startedAtMs: NOW - 4_000 };
    expect(estimateEndMs(half, shares(1), 100, NOW)).toBe(NOW + 4_000);
  });

  it('goes by the measured speed before that', () => {
    expect(estimateEndMs(run, shares(60_000), 6, NOW)).toBe(NOW + 10_000);
  });

  it('counts what comes before it', () => {
    expect(estimateEndMs(run, shares(60_000, 30_000), 6, NOW)).toBe(NOW + 15_000);
    expect(estimateEndMs(run, shares(60_000, 600_000), 6, NOW)).toBe(NOW + 20_000);
  });

  it('does not guess without a measured speed, or after the end', () => {
    expect(estimateEndMs(run, shares(60_000), null, NOW)).toBeNull();
    expect(estimateEndMs(run, new FairShares([]), 10, NOW)).toBeNull();
    expect(estimateEndMs({ ...run, status: 'completed' }, shares(60_000), 10, NOW)).toBeNull();
  });
});

describe('costPerMs', () => {
  const engine = (kind: EngineKind, speed: number | null): EngineReport => {
    const common = { device: 'cpu', slots: 1, busy: 0, live: undefined, defaultModel: null, models: [] };
    return { kind, speed, ...common };
  };
  const fleet = (...engines: EngineReport[]) => ({ workers: [{ engines }] });

  it('is milliseconds of audio, or characters, of all workers that do such work', () => {
    const all = fleet(engine('transcribe', 6), engine('speak', 2), engine('speak', 4), engine('speak', null));
    expect(costPerMs('transcription', all)).toBe(6);
    expect(costPerMs('language', all)).toBe(6);
    // A text of 90 characters is six seconds of speech, which these make in one.
    expect(costPerMs('speech', all)).toBeCloseTo(0.09);
    expect(costPerMs('matching', all)).toBeNull();
    expect(costPerMs('speech', fleet(engine('transcribe', 6)))).toBeNull();
  });
});
