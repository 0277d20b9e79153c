import { expect, it } from '@jest/globals';
import { ProbeSampler } from './probe-sampler.ts';

it('logs one probe in a hundred, every change of its status, and all else', () => {
  const sampler = new ProbeSampler();
  const levels = (status: number, times: number) =>
    Array.from({ length: times }, () => sampler.level('/health/ready', status)).filter((level) => level !== null);
  expect(levels(200, 150)).toEqual(['debug', 'debug']);
  expect(levels(503, 150)).toEqual(['info', 'debug']);
  expect(levels(200, 1)).toEqual(['info']);
  expect(sampler.level('/jobs', 200)).toBe('info');
});
