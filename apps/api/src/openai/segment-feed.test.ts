import { describe, expect, it } from '@jest/globals';
import type { Segment, Transcript, WindowResult } from '@sotto/contracts';
import fc from 'fast-check';
import { SegmentFeed } from './segment-feed.ts';

const segment = (id: number): Segment => ({
  ...{ id, startMs: id, endMs: id + 1, text: ` ${id}`, confidence: 1, avgLogprob: 0, noSpeechProb: 0 },
  ...{ compressionRatio: 1, temperature: 0, tokens: [], words: [], flags: [] },
});

/** Windows with that many segments each, whose results go after so many reads of them. */
function run(counts: number[], readsBeforeEnd: number) {
  let id = 0;
  let reads = 0;
  const windows = counts.map((count, index): WindowResult => {
    const segments = Array.from({ length: count }, () => segment(id++));
    return { index, language: 'en', languageProbability: 1, segments, engineMs: 1 };
  });
  const all = windows.flatMap(({ segments }) => segments);
  const transcript: Transcript = {
    ...{ text: '', language: 'en', languageProbability: 1, durationMs: 1, segments: all, model: 'm' },
    ...{ task: 'transcribe', processingMs: 1, warnings: [] },
  };
  const source = {
    windowResult: async (_id: string, index: number) => (reads++ < readsBeforeEnd ? (windows[index] ?? null) : null),
    transcript: async () => (reads > readsBeforeEnd ? transcript : null),
  };
  return { all, feed: new SegmentFeed('run', source) };
}

describe('SegmentFeed', () => {
  it('gives every segment once and in order, whenever the run ends on the way', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 8 }),
        fc.nat({ max: 10 }),
        async (counts, readsBeforeEnd) => {
          const { all, feed } = run(counts, readsBeforeEnd);
          const given: (Segment | null)[] = [];
          for (const _event of all) given.push(await feed.next());
          expect(given).toEqual(all);
        },
      ),
    );
  });

  it('ends rather than waits for what is not there', async () => {
    const { feed } = run([1], 0);
    await feed.next();
    expect(await feed.next()).toBeNull();
  });
});
