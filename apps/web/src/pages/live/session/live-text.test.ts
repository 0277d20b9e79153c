import { describe, expect, it } from '@jest/globals';
import { type LiveLine, lineWith, startOf } from './live-text.ts';
import { rendered } from './rendered.ts';

/** A word each half second. */
function told(text: string, from: number, spelled: readonly string[] = text.split(' ')) {
  const words = spelled.map((word, at) => ({ word, start: from + at / 2, end: from + at / 2 + 0.4, confidence: 0.8 }));
  return { type: 'final' as const, id: '1-0', utterance: 0, text, words, lag_ms: 0, language: 'en', is_last: false };
}

function linesOf(...finals: [text: ReturnType<typeof told>, utterance: string][]): LiveLine[] {
  return finals.reduce<LiveLine[]>((lines, [final, utterance]) => {
    const line = lineWith(lines, final, utterance, 0);
    return line === null ? lines : [...lines.slice(0, line.index), line];
  }, []);
}

describe('lines of a session', () => {
  it('are its utterances', () => {
    const lines = linesOf(
      [told('One', 0), '0.0'],
      [told('two.', 1), '0.0'],
      [told('', 2, []), '0.1'],
      [told('Three.', 3), '0.2'],
    );
    expect(lines.map(({ text }) => text)).toEqual(['One two.', 'Three.']);
    expect(lines.map(startOf)).toEqual([0, 3]);
  });

  it('end with a sentence where somebody never pauses', () => {
    const sentence = `${'word '.repeat(30)}end.`;
    const lines = linesOf(
      ...[0, 1, 2, 3].map((at) => [told(sentence, at * 20), '0.0'] as [ReturnType<typeof told>, string]),
    );
    expect(lines.map(({ text }) => text.split('end.').length - 1)).toEqual([2, 2]);
  });

  it('have times of the whole session, whichever of the service it is', () => {
    expect(startOf(lineWith([], told('Again.', 1.5), '1.0', 60) as LiveLine)).toBe(61.5);
  });
});

describe('files of a session', () => {
  it('are made of its lines', () => {
    const lines = linesOf([told('Hello there.', 0.5), '0.0'], [told('And again.', 8), '0.1']);
    expect(rendered(lines, 10, 'text')).toEqual({
      content: 'Hello there. And again.\n',
      ending: 'txt',
      type: 'text/plain; charset=utf-8',
    });
    expect(rendered(lines, 10, 'srt').content).toMatch(
      /^1\n00:00:00,500 --> [\d:,]+\nHello there\.\n\n2\n00:00:08,000 --> [\d:,]+\nAnd again\.\n$/,
    );
    expect(rendered(lines, 10, 'vtt').content).toMatch(/^WEBVTT\n/);
  });

  it('have no blanks where the language has none', () => {
    const lines = linesOf([told('こんにちは、世界。', 0, ['こんにちは、', '世界。']), '0.0']);
    expect(rendered(lines, 2, 'srt').content).toContain('\nこんにちは、世界。\n');
  });
});
