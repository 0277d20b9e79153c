import { describe, expect, it } from '@jest/globals';
import type { Segment, WindowResult } from '@sotto/contracts';
import fc from 'fast-check';
import { SegmentFeed } from './segment-feed.ts';

const segment = (id: number): Segment => ({
  id,
  startMs: id,
  endMs: id + 1,
  text: ` ${id}`,
  confidence: 1,
  avgLogprob: 0,
  noSpeechProb: 0,
  compressionRatio: 1,
  temperature: 0,
  tokens: [],
  words: [],
  flags: [],
});

/** Windows with that many segments each, whose results go after so many reads of them. */
function run(counts: number[], readsBeforeEnd: number) {
  let id = 0;
  let reads = 0;
  const windows = counts.map((count, index): WindowResult => {
    const segments = Array.from({ length: count }, () => segment(id++));
    return { index, language: 'en', languageProbability: 1, segments, dropped: [], engineMs: 1 };
  });
  const all = windows.flatMap(({ segments }) => segments);
  const feed = new SegmentFeed(async (index) => (reads++ < readsBeforeEnd ? (windows[index] ?? null) : null));
  return { all, feed };
}

describe('SegmentFeed', () => {
  it('gives every segment once and in order, until the run ends', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 8 }),
        fc.nat({ max: 10 }),
        async (counts, readsBeforeEnd) => {
          const { all, feed } = run(counts, readsBeforeEnd);
          const given: Segment[] = [];
          for (let next = await feed.next(); next !== null; next = await feed.next()) given.push(next);
          const kept = counts.slice(0, readsBeforeEnd).reduce((sum, count) => sum + count, 0);
          expect(given).toEqual(all.slice(0, kept));
          expect(feed.last).toEqual(given.at(-1) ?? null);
        },
      ),
    );
  });
});
