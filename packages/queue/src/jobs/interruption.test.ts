import { describe, expect, it } from '@jest/globals';
import { Interruption, interruptionSignal } from './interruption.ts';

const LONG_MS = 60_000;

describe('interruptionSignal', () => {
  it('turns texts of BullMQ into an Interruption, of which the first stays', () => {
    const bullmq = new AbortController();
    const { signal, release } = interruptionSignal(bullmq.signal, LONG_MS);
    expect(signal.aborted).toBe(false);
    bullmq.abort('shutdown');
    bullmq.abort('run_ended');
    expect(signal.reason).toEqual(new Interruption('shutdown'));
    release();
  });

  it('is aborted at once when the signal of BullMQ is already', () => {
    const { signal, release } = interruptionSignal(AbortSignal.abort('lock_lost'), LONG_MS);
    expect(signal.reason).toEqual(new Interruption('lock_lost'));
    release();
  });

  it('does nothing more once released', () => {
    const bullmq = new AbortController();
    const { signal, release } = interruptionSignal(bullmq.signal, LONG_MS);
    release();
    bullmq.abort('shutdown');
    expect(signal.aborted).toBe(false);
  });

  it('aborts when the time is up', async () => {
    const { signal } = interruptionSignal(undefined, 5);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    expect(signal.reason).toEqual(new Interruption('timeout'));
  });
});
