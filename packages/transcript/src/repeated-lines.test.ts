import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { repeatedLines } from './repeated-lines.ts';

const marked = (...lines: string[]) => lines.filter((_, at) => repeatedLines(lines)[at]);

describe('repeatedLines', () => {
  it('marks a line from its third time on, whatever its case and punctuation', () => {
    expect(repeatedLines([' I am here.', 'I am here', ' i am here!', ' And you?', ' I am here.'])).toEqual([
      false,
      false,
      true,
      false,
      false,
    ]);
  });

  it('lets people say short things more often', () => {
    const yes = Array<string>(6).fill(' Yes.');
    expect(repeatedLines(yes)).toEqual([false, false, false, false, true, true]);
  });

  it('sees loops of two and three lines', () => {
    expect(marked(...'a b c|d e f|a b c|d e f|a b c|d e f'.split('|'))).toEqual(['a b c', 'd e f']);
    expect(marked(...'a b c|d e f|g h i|a b c|d e f|g h i|a b c'.split('|'))).toEqual(['a b c']);
  });

  it('takes lines without words for no lines', () => {
    expect(marked('...', '...', '...', '...', '...', '...')).toEqual([]);
  });

  it('marks nothing where no line comes a third time, and never the first two', () => {
    const line = fc.constantFrom('one two three', 'four five six', 'seven', '');
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        const marks = repeatedLines(lines);
        lines.forEach((text, at) => {
          const before = lines.slice(0, at).filter((other) => other === text).length;
          if (before < 2) expect(marks[at]).toBe(false);
        });
      }),
    );
  });
});
