import { describe, expect, it } from '@jest/globals';
import { ReadBudget } from './read-budget.ts';

const countAllowed = (budget: ReadBudget, subject: string, tries: number, perMinute = 60): number => {
  let allowed = 0;
  for (let i = 0; i < tries; i += 1) {
    try {
      budget.take(subject, perMinute);
      allowed += 1;
    } catch (error) {
      expect(error).toMatchObject({ code: 'rate_limit_exceeded', retryAfterSeconds: expect.any(Number) });
    }
  }
  return allowed;
};

describe('ReadBudget', () => {
  it("gives each caller a minute's worth at once, and then so much per minute", () => {
    let nowMs = 0;
    const budget = new ReadBudget(() => nowMs);
    expect(countAllowed(budget, 'a', 100)).toBe(60);
    expect(countAllowed(budget, 'b', 10)).toBe(10);
    nowMs = 10_000;
    expect(countAllowed(budget, 'a', 100)).toBe(10);
    nowMs = 3_600_000;
    expect(countAllowed(budget, 'a', 100)).toBe(60);
  });

  it('remembers a bounded number of callers', () => {
    const budget = new ReadBudget(() => 0);
    expect(countAllowed(budget, 'first', 2, 1)).toBe(1);
    for (let i = 0; i < 10_000; i += 1) budget.take(`other ${i}`, 1);
    expect(countAllowed(budget, 'first', 1, 1)).toBe(1);
  });
});
