import { describe, expect, it } from '@jest/globals';
import { memoryPercent } from './queue-probe.ts';

describe('memoryPercent', () => {
  it.each([
    ['# Memory\r\nused_memory:810\r\nmaxmemory:1000\r\n', 81],
    ['used_memory:810\r\nmem_not_counted_for_evict:10\r\nmaxmemory:1000', 80],
    ['used_memory:810\r\nused_memory_human:810B\r\nmaxmemory:0\r\nmaxmemory_human:0B', null],
    ['', null],
  ])('of %j is %j', (info, percent) => {
    expect(memoryPercent(info)).toBe(percent);
  });
});
