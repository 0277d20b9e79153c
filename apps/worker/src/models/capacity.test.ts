import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { planCapacity } from './capacity.ts';

const AUTO = { states: 0, threads: 0 };

describe('planCapacity', () => {
  it('gives one window all cores of a small machine and adds states on larger ones', () => {
    expect(planCapacity(1, AUTO)).toEqual({ states: 1, threadsPerState: 1 });
    expect(planCapacity(2, AUTO)).toEqual({ states: 1, threadsPerState: 2 });
    expect(planCapacity(16, AUTO)).toEqual({ states: 4, threadsPerState: 4 });
  });

  it('follows wishes as far as there are cores', () => {
    expect(planCapacity(8, { states: 2, threads: 0 })).toEqual({ states: 2, threadsPerState: 4 });
    expect(planCapacity(8, { states: 0, threads: 2 })).toEqual({ states: 4, threadsPerState: 2 });
    expect(planCapacity(2, { states: 4, threads: 4 })).toEqual({ states: 2, threadsPerState: 1 });
  });

  it('never uses more threads than cores', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 256 }), fc.nat(64), fc.nat(64), (cores, states, threads) => {
        const capacity = planCapacity(cores, { states, threads });
        expect(capacity.states).toBeGreaterThanOrEqual(1);
        expect(capacity.threadsPerState).toBeGreaterThanOrEqual(1);
        expect(capacity.states * capacity.threadsPerState).toBeLessThanOrEqual(cores);
      }),
    );
  });
});
