import { expect, it } from '@jest/globals';
import type { EditedSegment } from '@sotto/transcript';
import { paragraphsOf } from './paragraphs.ts';

const line = (startMs: number, text: string, speaker?: number, state: EditedSegment['state'] = 'kept') =>
  ({ startMs, endMs: startMs + 900, text, state, ...(speaker !== undefined && { speaker }) }) as EditedSegment;

it('makes paragraphs of lines: by speaker, pause and length, in any script', () => {
  const texts = (...lines: EditedSegment[]) => paragraphsOf(lines).map(({ text }) => text);
  expect(texts(line(0, ' One'), line(1000, ' two.'), line(2000, ' No.', undefined, 'dropped'))).toEqual(['One two.']);
  expect(texts(line(0, ' One.'), line(9000, ' Two.'))).toEqual(['One.', 'Two.']);
  expect(texts(line(0, ' One.', 0), line(1000, ' Two.', 1))).toEqual(['One.', 'Two.']);
  expect(texts(line(0, '今日は'), line(1000, '雨です。'))).toEqual(['今日は雨です。']);
  const long = `${'word '.repeat(120)}end.`;
  expect(texts(line(0, long), line(1000, ' Next.'))).toEqual([long, 'Next.']);
  expect(
    paragraphsOf([line(0, 'a', 0), line(9000, 'b', 0), line(10_000, 'c', 1)]).map(({ isOther }) => isOther),
  ).toEqual([true, false, true]);
});
