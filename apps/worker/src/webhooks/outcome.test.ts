import { describe, expect, it } from '@jest/globals';
import { outcomeOf } from './outcome.ts';

describe('outcomeOf', () => {
  it.each([
    [200, 'delivered'],
    [204, 'delivered'],
    [301, 'retrying'],
    [400, 'given_up'],
    [401, 'given_up'],
    [404, 'given_up'],
    [408, 'retrying'],
    [409, 'retrying'],
    [410, 'given_up'],
    [429, 'retrying'],
    [500, 'retrying'],
    [503, 'retrying'],
    [null, 'retrying'],
  ] as const)('%s is %s', (status, outcome) => {
    expect(outcomeOf(status, false)).toBe(outcome);
    expect(outcomeOf(status, true)).toBe(outcome === 'retrying' ? 'given_up' : outcome);
  });
});
