import { describe, expect, it } from '@jest/globals';
import type { LiveEvent } from '@sotto/client';
import { lastColumns, linePrinter, type Printer, terminalPrinter } from './printer.ts';

const text = { utterance: 0, words: [], lag_ms: 0 };
const partial = (said: string): LiveEvent => ({ type: 'partial', id: '1-0', ...text, text: said });
const final = (said: string, is_last = false): LiveEvent => {
  return { type: 'final', id: '1-0', ...text, text: said, language: 'en', is_last };
};

const EVENTS = [
  partial('four score'),
  final('Four score'),
  partial('and seven yes'),
  final('and seven', false),
  final('years ago.', true),
  final('', true),
  partial('our'),
];

function shown(printer: (output: { columns: number; write(text: string): boolean }) => Printer, columns = 80): string {
  let all = '';
  const made = printer({
    columns,
    write: (more) => {
      all += more;
      return true;
    },
  });
  for (const event of EVENTS) made.show(event);
  made.end();
  return all;
}

/** What is left of a terminal's rows. */
const rows = (written: string) => written.split('\n').map((row) => row.split('\r\x1b[K').at(-1));

describe('what is said', () => {
  it('is a line for each utterance, of words that are final, where programs read it', () => {
    expect(shown(linePrinter)).toBe('Four score and seven years ago.\n');
  });

  it('is drawn in place on a terminal, and stays when it is final', () => {
    const written = shown(terminalPrinter);
    expect(rows(written)).toEqual(['Four score and seven years ago.', '']);
    expect(written).toContain('\r\x1b[KFour score and seven yes');
  });

  it('never wraps while it may change', () => {
    const written = shown(terminalPrinter, 12);
    expect(written).toContain('\r\x1b[Kd seven yes\r');
    expect(lastColumns('abc世界', 4)).toBe('世界');
    expect(lastColumns('abc世界', 5)).toBe('c世界');
    expect(lastColumns('', 5)).toBe('');
  });
});
