import { describe, expect, it } from '@jest/globals';
import { longTranscript } from '@sotto/testkit';
import fc from 'fast-check';
import { compared, type Row } from './compare.ts';
import type { ComparedWord } from './stretches.ts';

/** A word each half second; a line for every five. */
const words = (text: string, offsetMs = 0): ComparedWord[] =>
  text
    .split(' ')
    .filter((word) => word !== '')
    .map((word, at) => ({
      text: ` ${word}`,
      startMs: at * 500 + offsetMs,
      endMs: at * 500 + 400 + offsetMs,
      startsLine: at % 5 === 0,
    }));
const textOf = (rows: readonly Row[], side: 0 | 1): string =>
  rows.flatMap(({ sides }) => sides[side].map(({ text }) => text)).join('');

const differing = (rows: readonly Row[], side: 0 | 1): string[] =>
  rows.flatMap(({ sides }) => sides[side].filter(({ differs }) => differs).map(({ text }) => text));

describe('two transcripts of one recording', () => {
  it('tells which words differ, and not how they are written', () => {
    const { rows, counts } = compared(words('We saw the Sea, then two ships'), words('we saw a sea then ships again'));
    expect(counts).toEqual({ same: 5, other: 1, onlyFirst: 1, onlySecond: 1, apart: 1 });
    expect(differing(rows, 0)).toEqual([' the', ' two']);
    expect(differing(rows, 1)).toEqual([' a', ' again']);
  });

  it('counts the same words at other times', () => {
    expect(compared(words('one two three'), words('one two three', 400)).counts).toMatchObject({ same: 3, apart: 3 });
    expect(compared(words('one two three'), words('one two three', 100)).counts).toMatchObject({ same: 3, apart: 0 });
  });

  it('loses no word of either, whatever they say', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd', '...'), { maxLength: 300 }).map((list) => list.join(' '));
    fc.assert(
      fc.property(text, text, fc.integer({ min: 0, max: 90_000 }), (ours, theirs, offsetMs) => {
        const { rows, counts } = compared(words(ours), words(theirs, offsetMs));
        expect(textOf(rows, 0).trim()).toBe(ours.trim());
        expect(textOf(rows, 1).trim()).toBe(theirs.trim());
        const [first, second] = [words(ours).length, words(theirs).length];
        expect(counts.same + counts.other + counts.onlyFirst).toBe(first);
        expect(counts.same + counts.other + counts.onlySecond).toBe(second);
      }),
    );
  });

  it('is quick for three hours in which every tenth word differs', () => {
    const { segments } = longTranscript(3);
    const first = segments.flatMap((segment) =>
      segment.words.map(({ word, startMs, endMs }, at) => ({ text: word, startMs, endMs, startsLine: at === 0 })),
    );
    const second = first.map((word, at) => (at % 10 === 3 ? { ...word, text: ' otherwise' } : word));
    const { rows, counts } = compared(first, second);
    expect(counts.other + counts.same + counts.onlyFirst).toBe(first.length);
    expect(counts.other).toBeGreaterThan(first.length / 11);
    expect(Math.max(...rows.map(({ sides: [ours] }) => ours.length))).toBeLessThan(60);
    const alone = compared(first, []);
    expect(Math.max(...alone.rows.map(({ sides: [ours] }) => ours[0]?.text.split(' ').length ?? 0))).toBeLessThan(120);
  });
});
