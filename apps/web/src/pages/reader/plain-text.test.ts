import { describe, expect, it } from '@jest/globals';
import type { EditedSegment } from '@sotto/transcript';
import { plainText } from './plain-text.ts';

const line = (startMs: number, text: string, speaker?: number, state: EditedSegment['state'] = 'kept') =>
  ({ startMs, text, state, ...(speaker !== undefined && { speaker }) }) as EditedSegment;
const LINES = [
  line(0, ' One.', 0),
  line(5_000, ' Two.', 0),
  line(6_000, ' No.', 0, 'deleted'),
  line(65_000, ' Three.', 1),
];
const nameOf = (speaker: number): string => ['Anna', 'Ben'][speaker] ?? '';

describe('the text that is copied', () => {
  it('has times and speakers, where they are wanted', () => {
    const copied = (times: boolean, speakers: boolean) => plainText(LINES, nameOf, { times, speakers });
    expect(copied(false, false)).toBe('One.\nTwo.\nThree.');
    expect(copied(true, false)).toBe('0:00 One.\n0:05 Two.\n1:05 Three.');
    expect(copied(false, true)).toBe('Anna: One. Two.\n\nBen: Three.');
    expect(copied(true, true)).toBe('0:00 Anna: One.\n0:05 Two.\n1:05 Ben: Three.');
  });

  it('names nobody where nobody is known', () => {
    const lines = [line(0, ' One.'), line(1_000, ' Two.')];
    expect(plainText(lines, nameOf, { times: false, speakers: true })).toBe('One.\nTwo.');
  });
});
