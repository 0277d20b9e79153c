import { describe, expect, it } from '@jest/globals';
import { evenWords } from '../../test/arbitraries.ts';
import { endsSentence, paragraphs, sentences, textOf } from './sentences.ts';

describe('endsSentence', () => {
  it.each([
    ' end.',
    ' "end."',
    ' what?',
    ' oh…',
    ' so...',
    'です。',
    '「はい！」',
    ' 1984!',
    '«Oui.»',
    '„Ja!“',
    ' لماذا؟',
    ' है।',
    ' ۔',
  ])('%j ends one', (word) => {
    expect(endsSentence(word)).toBe(true);
  });
  it.each([' Mr.', ' e.g.', ' J.', ' U.S.', ' 3.', ' 3.14', ' well,', ' a'])('%j goes on', (word) => {
    expect(endsSentence(word)).toBe(false);
  });
});

describe('sentences', () => {
  it('end with their mark or at a long pause', () => {
    const words = [...evenWords(' We left. Mr. Fox stayed', 0, 300), ...evenWords(' and slept.', 3_000, 300)];
    expect(sentences(words).map(textOf)).toEqual(['We left.', 'Mr. Fox stayed', 'and slept.']);
  });
});

describe('paragraphs', () => {
  const texts = (words: Parameters<typeof paragraphs>[0]) => paragraphs(words).map((one) => textOf(one.flat()));

  it('begin after a long pause, and nowhere else in a short text', () => {
    const words = [
      ...evenWords(' One. Two.', 0, 300),
      ...evenWords(' Three.', 2_000, 300),
      ...evenWords(' Four.', 9_000, 300),
    ];
    expect(texts(words)).toEqual(['One. Two. Three.', 'Four.']);
  });

  it('end at a rest when they are long, and without one when they are very long', () => {
    const said = (startMs: number) => evenWords(' And then they all said the same once more.', startMs, 300);
    const lengthMs = said(0).length * 300;
    const count = 60;
    const breathless = Array.from({ length: count }, (_, index) => said(index * lengthMs)).flat();
    const rested = Array.from({ length: count }, (_, index) => said(index * (lengthMs + 500))).flat();
    const lengths = (words: Parameters<typeof paragraphs>[0]) => texts(words).map(({ length }) => length);
    expect(Math.max(...lengths(breathless))).toBeLessThan(900);
    expect(Math.min(...lengths(breathless).slice(0, -1))).toBeGreaterThanOrEqual(800);
    expect(Math.max(...lengths(rested))).toBeLessThan(500);
    expect(Math.min(...lengths(rested).slice(0, -1))).toBeGreaterThanOrEqual(400);
  });

  it('are not made of nothing', () => {
    expect(paragraphs([])).toEqual([]);
  });
});
