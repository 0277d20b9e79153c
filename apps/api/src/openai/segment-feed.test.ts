import { describe, expect, it } from '@jest/globals';
import type { Segment, Transcript, WindowResult } from '@sotto/contracts';
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

/** Windows with that many segments each, whose results go after so many reads of them; the transcript keeps some. */
function run(counts: number[], readsBeforeEnd: number, isKept: (segment: Segment) => boolean = () => true) {
  let id = 0;
  let reads = 0;
  const windows = counts.map((count, index): WindowResult => {
    const segments = Array.from({ length: count }, () => segment(id++));
    return { index, language: 'en', languageProbability: 1, segments, dropped: [], engineMs: 1 };
  });
  const all = windows.flatMap(({ segments }) => segments);
  const transcript: Transcript = {
    text: '',
    language: 'en',
    languageProbability: 1,
    durationMs: 1,
    model: 'm',
    segments: all.filter(isKept),
    dropped: [],
    task: 'transcribe',
    processingMs: 1,
    warnings: [],
  };
  const source = {
    window: async (index: number) => (reads++ < readsBeforeEnd ? (windows[index] ?? null) : null),
    transcript: async () => (reads > readsBeforeEnd ? transcript : null),
  };
  return { all, feed: new SegmentFeed(source) };
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

  it('loses and doubles nothing when the whole recording shows that some were made up', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 8 }),
        fc.nat({ max: 10 }),
        fc.infiniteStream(fc.boolean()),
        async (counts, readsBeforeEnd, choices) => {
          const kept = [...choices.take(30)];
          const { all, feed } = run(counts, readsBeforeEnd, ({ id }) => kept[id] ?? true);
          const given: Segment[] = [];
          for (const _event of all) given.push(...[await feed.next()].filter((segment) => segment !== null));
          expect(new Set(given).size).toBe(given.length);
          const missing = all.filter((segment) => !given.includes(segment));
          expect(missing.filter(({ id }) => kept[id])).toEqual([]);
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
