import { describe, expect, it } from '@jest/globals';
import { ROLES } from '@sotto/contracts';
import { CHILD_QUEUE_NAMES, queueOf, WORK_QUEUE_NAMES } from '../order/lane.ts';
import { CHILD_KINDS, JOB_CATALOG, JOB_KINDS } from './jobs.ts';
import { ownConcurrency, perQueue, QUEUE_NAMES, QUEUES, queuesOf } from './queues.ts';

/** Workers of other builds use these names: a change here strands their jobs. */
it('keeps the names that Redis knows', () => {
  expect(QUEUE_NAMES).toEqual(['transcriptions', 'preparations', 'windows', 'urgent-windows', 'sweeps', 'webhooks']);
});

describe('what follows from the catalog', () => {
  it('gives each role its queues, and each queue one role', () => {
    expect(queuesOf('prepare')).toEqual(['transcriptions', 'preparations', 'sweeps', 'webhooks']);
    expect(queuesOf('transcribe')).toEqual(['windows', 'urgent-windows']);
    expect(ROLES.flatMap(queuesOf).sort()).toEqual([...QUEUE_NAMES].sort());
  });

  it('knows where children of a run wait, in either lane', () => {
    expect(CHILD_KINDS).toEqual(['prepare', 'detect-language', 'window']);
    expect(queueOf('prepare', 'interactive')).toBe('preparations');
    expect(queueOf('window', 'interactive')).toBe('urgent-windows');
    expect(queueOf('window', 'batch')).toBe('windows');
    expect(CHILD_QUEUE_NAMES).toEqual(['preparations', 'urgent-windows', 'windows']);
  });

  it('tells work on recordings from upkeep', () => {
    expect(WORK_QUEUE_NAMES).toEqual(['transcriptions', 'preparations', 'urgent-windows', 'windows']);
  });

  it('takes a number of its own where the role has no say', () => {
    expect(perQueue(ownConcurrency)).toEqual({
      transcriptions: null,
      preparations: null,
      windows: null,
      'urgent-windows': null,
      sweeps: 1,
      webhooks: 32,
    });
  });

  it('leaves no queue without a kind of job, and no twin to another role', () => {
    const used = new Set<string>(JOB_KINDS.map((kind) => JOB_CATALOG[kind].queue));
    for (const name of QUEUE_NAMES) {
      const queue = QUEUES[name];
      if (!('interactiveTwin' in queue)) continue;
      used.add(queue.interactiveTwin);
      expect(QUEUES[queue.interactiveTwin].role).toBe(queue.role);
    }
    expect([...used].sort()).toEqual([...QUEUE_NAMES].sort());
  });
});
