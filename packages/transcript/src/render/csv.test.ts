import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { anyTranscript, evenWords, segmentOf, transcriptOf } from '../../test/arbitraries.ts';
import { transcriptWords } from '../captions/transcript-words.ts';
import { oneLine } from '../one-line.ts';
import { renderTranscript } from './index.ts';

const csvOf = (text: string) =>
  renderTranscript(transcriptOf([segmentOf(evenWords(text, 320, 500))], 5000), 'csv', { granularity: 'segment' }).body;

/** What an independent, strict parser reads: records of strings. */
const recordsOf = (body: string): Record<string, string>[] =>
  parse(body, { columns: true, record_delimiter: '\r\n', relax_column_count: false });

describe('csv', () => {
  it('quotes what has commas or quotes, and ends each line as RFC 4180 says', () => {
    expect(csvOf(' "Well, no," she said.')).toBe(
      'start,end,text,confidence\r\n0.320,2.320,"""Well, no,"" she said.",0.5000\r\n',
    );
  });

  it.each([
    ['=HYPERLINK("http://evil.example","x")', `'=HYPERLINK("http://evil.example","x")`],
    ['+1 for that', "'+1 for that"],
    ['-- and then', "'-- and then"],
    ['@home', "'@home"],
    ['＝1+1', "'＝1+1"],
    ['1 + 1 = 2', '1 + 1 = 2'],
    ["'quoted'", "'quoted'"],
  ])('gives %j to a spreadsheet as text', (text, expected) => {
    expect(recordsOf(csvOf(` ${text}`))).toMatchObject([{ text: expected }]);
  });

  it('reads back, for any transcript', () => {
    fc.assert(
      fc.property(anyTranscript, fc.boolean(), (transcript, isByWord) => {
        const { body } = renderTranscript(transcript, 'csv', { granularity: isByWord ? 'word' : 'segment' });
        const parts = isByWord
          ? transcriptWords(transcript).map(({ word, ...rest }) => ({ ...rest, text: word }))
          : transcript.segments;
        const records = recordsOf(body);
        expect(records.map(({ start, end }) => [Number(start) * 1000, Number(end) * 1000].map(Math.round))).toEqual(
          parts.map(({ startMs, endMs }) => [startMs, endMs]),
        );
        const safe = (text: string) => (/^[=+\-@＝＋－＠]/u.test(text) ? `'${text}` : text);
        expect(records.map(({ text }) => text)).toEqual(parts.map(({ text }) => safe(oneLine(text).trim())));
      }),
      { numRuns: 300 },
    );
  });
});
