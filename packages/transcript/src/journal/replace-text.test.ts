import { describe, expect, it } from '@jest/globals';
import type { EditOperation, Word } from '@sotto/contracts';
import { segmentOf, transcriptOf } from '../../test/arbitraries.ts';
import { chineseTranscript } from '../../test/golden-transcript.ts';
import { editOf, short, typed } from '../../test/short-transcript.ts';
import { applyEdit } from './apply.ts';
import { findSegment, segmentsOf, unedited } from './edited-transcript.ts';
import { textChange } from './text-change.ts';
import { toTranscript } from './to-transcript.ts';

const edited = (...operations: EditOperation[]) => applyEdit(unedited(short), editOf(...operations));

const timesOf = (words: readonly Word[] = []) => words.map(({ word, startMs, endMs }) => [word, startMs, endMs]);

describe('replace_text', () => {
  it.each<[string, number, number, string, string, [string, number, number][]]>([
    ['one word for one keeps its time', 1, 2, 'too', ' one too three four.', [[' too', 1500, 2000]]],
    [
      'two for two keep theirs',
      1,
      3,
      'too free',
      ' one too free four.',
      [
        [' too', 1500, 2000],
        [' free', 2000, 2500],
      ],
    ],
    [
      'one for two takes the time of both',
      1,
      3,
      'twenty-three',
      ' one twenty-three four.',
      [[' twenty-three', 1500, 2500]],
    ],
    [
      'more for fewer share it by their length',
      1,
      2,
      'aa bbb',
      ' one aa bbb three four.',
      [
        [' aa', 1500, 1700],
        [' bbb', 1700, 2000],
      ],
    ],
    [
      'what stays among what was typed keeps its time',
      0,
      4,
      'a b two c four.',
      ' a b two c four.',
      [
        [' two', 1500, 2000],
        [' four.', 2500, 3000],
      ],
    ],
    [
      'between two words without a pause there is no time',
      1,
      1,
      'and',
      ' one and two three four.',
      [[' and', 1500, 1500]],
    ],
    [
      'what is emptied leaves its time to nobody',
      1,
      3,
      '',
      ' one four.',
      [
        [' one', 1000, 1500],
        [' four.', 2500, 3000],
      ],
    ],
  ])('%s', (_, from, to, text, whole, times) => {
    const segment = findSegment(edited(typed(from, to, text)), '0');
    expect(segment?.text).toBe(whole);
    expect(timesOf(segment?.words)).toEqual(expect.arrayContaining(times));
    expect([segment?.startMs, segment?.endMs]).toEqual([1000, 3000]);
  });

  it('gives what is put into a pause the time it would take', () => {
    const words = [
      { word: ' a', startMs: 1000, endMs: 1100, confidence: 0.5 },
      { word: ' z', startMs: 2000, endMs: 2100, confidence: 0.5 },
    ];
    const start = unedited(transcriptOf([{ ...segmentOf(words), startMs: 0, endMs: 2200 }], 3000));
    const at = (place: number, text: string) =>
      timesOf(segmentsOf(applyEdit(start, editOf(typed(place, place, text))))[0]?.words)[place];
    expect(at(0, 'so')).toEqual([' so', 790, 1000]);
    expect(at(1, 'bcd')).toEqual([' bcd', 1100, 1380]);
    expect(at(2, 'the end')).toEqual([' the', 2100, 2150]);
  });

  it('is sure of what was typed, and of nothing else', () => {
    const doubtful = {
      ...short,
      segments: short.segments.map((each) => ({ ...each, tokens: [1], flags: ['repetitive' as const] })),
    };
    const segments = segmentsOf(applyEdit(unedited(doubtful), editOf(typed(1, 2, 'too'))));
    expect(segments[0]).toMatchObject({ tokens: [], flags: [], confidence: expect.closeTo(0.925, 9) });
    expect(segments[0]?.words.map(({ confidence }) => confidence)).toEqual([0.9, 1, 0.9, 0.9]);
    expect(segments[1]).toMatchObject({ tokens: [1], flags: ['repetitive'] });
  });

  it.each<[string, string, string, string]>([
    ['a mark belongs to its word', '0', 'one, two three four.', ' one, two three four.'],
    ['a word grows', '0', 'one two three fourteen.', ' one two three fourteen.'],
    ['a blank goes', '0', 'onetwo three four.', ' onetwo three four.'],
    ['a word goes', '0', 'one three four.', ' one three four.'],
    ['nothing is left', '0', '', ''],
    ['line breaks are blanks', '1', 'Five\nor six.', ' Five or six.'],
  ])('of a line that was typed: %s', (_, id, text, whole) => {
    const start = unedited(short);
    const segment = findSegment(start, id);
    const change = segment === undefined ? null : textChange(segment, text);
    expect(change).not.toBeNull();
    expect(findSegment(applyEdit(start, editOf(...(change === null ? [] : [change]))), id)?.text).toBe(whole);
  });

  it('of a line that was typed touches only the words that differ', () => {
    const [segment] = segmentsOf(unedited(short));
    expect(segment && textChange(segment, ' one two three four.  ')).toBeNull();
    expect(segment && textChange(segment, 'one two and three four.')).toMatchObject({
      from_word: 2,
      to_word: 2,
      text: ' and',
    });
    expect(segment && textChange(segment, 'one too three four.')).toMatchObject({ from_word: 1, to_word: 2 });
    expect(segment && textChange(segment, 'One two three four')).toMatchObject({ from_word: 0, to_word: 4 });
  });

  it('works in scripts that write no blanks', () => {
    const start = unedited(chineseTranscript);
    const [before] = segmentsOf(start);
    const change = before === undefined ? null : textChange(before, before.text.replace('北京大学', '清华大学'));
    expect(change).toMatchObject({ from_word: 5, to_word: 7, text: '清华' });
    const [segment] = segmentsOf(applyEdit(start, editOf(...(change === null ? [] : [change]))));
    expect(timesOf(segment?.words).slice(4, 8)).toEqual([
      ['去', 800, 950],
      ['清', 950, 1100],
      ['华', 1100, 1250],
      ['大', 1250, 1400],
    ]);
    const [inserted] = segmentsOf(applyEdit(start, editOf(typed(5, 5, '那个'))));
    expect(inserted?.text.startsWith('我们今天去那个北京大学')).toBe(true);
  });

  it('gives a segment without words those of its text', () => {
    const wordless = unedited(transcriptOf([{ ...segmentOf([]), startMs: 0, endMs: 1000, text: ' ab cd' }], 1000));
    const [segment] = segmentsOf(applyEdit(wordless, editOf(typed(1, 2, 'ef'))));
    expect(timesOf(segment?.words)).toEqual([
      [' ab', 0, 500],
      [' ef', 500, 1000],
    ]);
  });

  it('fills a gap that could not be transcribed', () => {
    const gap = { ...segmentOf([]), startMs: 3000, endMs: 4000, flags: ['not_transcribed' as const] };
    const start = unedited({ ...short, dropped: [gap] });
    const filled = applyEdit(start, editOf({ type: 'restore', segment: 'd0' }, typed(0, 0, 'and then', 'd0')));
    expect(timesOf(findSegment(filled, 'd0')?.words)).toEqual([
      [' and', 3000, 3429],
      [' then', 3429, 4000],
    ]);
    const transcript = toTranscript({ ...short, dropped: [gap] }, filled);
    expect(transcript).toMatchObject({ text: 'one two three four. and then Five six.', dropped: [] });
    expect(transcript.segments.map(({ id }) => id)).toEqual([0, 1, 2]);
  });
});
