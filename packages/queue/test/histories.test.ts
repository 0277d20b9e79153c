/** @busy It kills workers, and their heirs keep every core busy. */
import { expect, it, jest } from '@jest/globals';
import { histories } from './histories/histories.ts';

jest.setTimeout(180_000);

it('agrees with a model of requests and runs in random histories; pnpm test:histories runs 300', async () => {
  const report = await histories(10, 12);
  expect(report.histories).toBe(10);
  expect(report.requests).toBeGreaterThan(10);
  expect(report.kills).toBeGreaterThan(0);
});
