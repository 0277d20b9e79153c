import { describe, expect, it } from '@jest/globals';
import { DEFAULT_RUN_OPTIONS, ROLES } from '@sotto/contracts';
import { childQueueNames, queueOf, workQueueNames } from '../order/lane.ts';
import { CATALOG } from './catalog.ts';
import { JOB_CATALOG, JOB_KINDS } from './jobs.ts';
import { QUEUE_NAMES } from './queues.ts';
import { RUN_CATALOG } from './runs.ts';

/** Workers of other builds use these names: a change here strands their jobs. */
it('keeps the names that Redis knows', () => {
  expect(QUEUE_NAMES).toEqual([
    'transcriptions',
    'preparations',
    'languages',
    'voice-samples',
    'windows',
    'urgent-windows',
    'speakers',
    'urgent-speakers',
    'speeches',
    'pieces',
    'urgent-pieces',
    'voice-matches',
    'sweeps',
    'webhooks',
  ]);
});

describe('what follows from the catalog', () => {
  it('gives each role its queues, and each queue one role', () => {
    expect(CATALOG.queuesOf('prepare')).toEqual([
      'transcriptions',
      'preparations',
      'languages',
      'voice-samples',
      'speakers',
      'urgent-speakers',
      'sweeps',
      'webhooks',
    ]);
    expect(CATALOG.queuesOf('transcribe')).toEqual(['windows', 'urgent-windows']);
    expect(CATALOG.queuesOf('speak')).toEqual(['speeches', 'pieces', 'urgent-pieces', 'voice-matches']);
    expect(ROLES.flatMap((role) => CATALOG.queuesOf(role)).sort()).toEqual([...QUEUE_NAMES].sort());
  });

  it('knows where children of a run wait, in either lane', () => {
    expect(queueOf('prepare', 'interactive', CATALOG)).toBe('preparations');
    expect(queueOf('window', 'interactive', CATALOG)).toBe('urgent-windows');
    expect(queueOf('window', 'batch', CATALOG)).toBe('windows');
    expect(childQueueNames(CATALOG)).toEqual([
      'preparations',
      'urgent-windows',
      'windows',
      'urgent-speakers',
      'speakers',
      'urgent-pieces',
      'pieces',
    ]);
  });

  it('separates jobs of runs from upkeep', () => {
    expect(workQueueNames(CATALOG)).toEqual([
      'transcriptions',
      'languages',
      'voice-samples',
      'speeches',
      'voice-matches',
      'preparations',
      'urgent-windows',
      'windows',
      'urgent-speakers',
      'speakers',
      'urgent-pieces',
      'pieces',
    ]);
  });

  it('has its own concurrency where that of the role does not apply', () => {
    const own = QUEUE_NAMES.map((name) => [name, CATALOG.queue(name).concurrency]);
    expect(Object.fromEntries(own)).toEqual({
      'voice-samples': 1,
      speakers: 1,
      'urgent-speakers': 1,
      speeches: 4,
      'voice-matches': 1,
      sweeps: 1,
      webhooks: 128,
    });
  });

  it('leaves no queue without a kind of job, and no twin to another role', () => {
    const used = new Set<string>(JOB_KINDS.map((kind) => JOB_CATALOG[kind].queue));
    for (const name of QUEUE_NAMES) {
      const { interactiveTwin, role } = CATALOG.queue(name);
      if (interactiveTwin === undefined) continue;
      used.add(interactiveTwin);
      expect(CATALOG.queue(interactiveTwin).role).toBe(role);
    }
    expect([...used].sort()).toEqual([...QUEUE_NAMES].sort());
  });

  it('has a driver, a stage to begin with and ascending shares for each kind of run', () => {
    for (const kind of CATALOG.runKinds) {
      expect(CATALOG.job(CATALOG.run(kind).driver).ofRun).toBe('driver');
      const stages = CATALOG.stages(kind);
      expect(stages[0]).toMatchObject({ name: 'queued', from: 0 });
      expect(stages.at(-1)?.to).toBe(100);
      for (const { from, to } of stages) expect(to).toBeGreaterThan(from);
    }
  });
});

it('lets no worker of the previous build process a container that it cannot read', () => {
  const upload = { blobKey: 'uploads/1', sha256: 'a'.repeat(64), bytes: 1, fileName: 'a' };
  const { leastWorker } = RUN_CATALOG.transcription;
  expect(leastWorker({ ...upload, container: 'mp3' }, DEFAULT_RUN_OPTIONS)).toBe(1);
  expect(leastWorker({ ...upload, container: 'aiff' }, DEFAULT_RUN_OPTIONS)).toBe(2);
  expect(leastWorker({ ...upload, container: 'mp3' }, { ...DEFAULT_RUN_OPTIONS, onWindowError: 'gap' })).toBe(2);
  expect(leastWorker({ ...upload, container: 'mp3' }, { ...DEFAULT_RUN_OPTIONS, speakers: {} })).toBe(2);
  expect(leastWorker({ ...upload, container: 'mp3' }, { ...DEFAULT_RUN_OPTIONS, enhance: 'auto' })).toBe(2);
  expect(leastWorker({ ...upload, container: 'mp3' }, { ...DEFAULT_RUN_OPTIONS, keyterms: [{ text: 'Sotto' }] })).toBe(
    2,
  );
});
