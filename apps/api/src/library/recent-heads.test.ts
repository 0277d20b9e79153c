import { describe, expect, it } from '@jest/globals';
import type { EditedTranscript } from '@sotto/transcript';
import { RecentHeads } from './recent-heads.ts';

function headsOf(segments: number) {
  const ids = Array.from({ length: segments }, (_, index): [string, number] => [String(index), index]);
  const start = { slots: { chunks: [], indices: new Map(ids) } } as unknown as EditedTranscript;
  return { start, head: start };
}

const item = (id: string, createdAtMs = 0) => ({ id, createdAt: new Date(createdAtMs) });

describe('RecentHeads', () => {
  it('forgets those that were not used for longest', () => {
    const recent = new RecentHeads();
    const [a, b, c] = [headsOf(10_000), headsOf(10_000), headsOf(10_000)];
    recent.put(item('a'), a);
    recent.put(item('b'), b);
    expect(recent.get(item('a'))).toBe(a);
    recent.put(item('c'), c);
    expect([recent.get(item('a')), recent.get(item('b')), recent.get(item('c'))]).toEqual([a, undefined, c]);
  });

  it('has one that is larger than all it may have, and then no other', () => {
    const recent = new RecentHeads();
    recent.put(item('a'), headsOf(10));
    recent.put(item('b'), headsOf(50_000));
    expect(recent.get(item('a'))).toBeUndefined();
    expect(recent.get(item('b'))).toBeDefined();
    recent.put(item('a'), headsOf(10));
    expect(recent.get(item('b'))).toBeUndefined();
  });

  it('does not take an item for another one of the same id', () => {
    const recent = new RecentHeads();
    recent.put(item('a', 1), headsOf(1));
    expect(recent.get(item('a', 2))).toBeUndefined();
  });
});
