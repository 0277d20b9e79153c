import { expect, it } from '@jest/globals';
import type { Keyterm, Segment, Word } from '@sotto/contracts';
import fc from 'fast-check';
import { respell } from './respell.ts';

const words = (...texts: string[]): Word[] =>
  texts.map((word, at) => ({ word, startMs: at * 1000, endMs: at * 1000 + 800, confidence: 0.5 }));

const segment = (spoken: Word[]): Segment => ({
  id: 0,
  startMs: 0,
  endMs: 60_000,
  text: spoken.map(({ word }) => word).join(''),
  confidence: 0.5,
  avgLogprob: -0.5,
  noSpeechProb: 0,
  compressionRatio: 1,
  temperature: 0,
  tokens: [1, 2],
  words: spoken,
  flags: [],
});

const KEYTERMS: Keyterm[] = [
  { text: 'Kubernetes', soundsLike: ['cooper netties', 'Cubernetis'] },
  { text: 'New York', soundsLike: ['nyork'] },
  { text: 'PostgreSQL' },
  { text: 'apixaban', soundsLike: ['a pixel ban'] },
  { text: 'Will' },
  { text: 'Zoë', soundsLike: ['Zoe'] },
  { text: '東京', soundsLike: ['東經'] },
];

const respelled = (...texts: string[]) => {
  const [written] = respell([segment(words(...texts))], KEYTERMS);
  return written?.words.map(({ word, startMs, endMs }) => [word, startMs, endMs]);
};

it('writes a term for what it sounds like, over the time of the words that it replaces', () => {
  expect(respelled(' We', ' use', ' Cooper', ' netties,', ' daily')).toEqual([
    [' We', 0, 800],
    [' use', 1000, 1800],
    [' Kubernetes,', 2000, 3800],
    [' daily', 4000, 4800],
  ]);
});

it('shares the time of one word among those of a term, by their length', () => {
  expect(respelled(' in', ' NYork.')).toEqual([
    [' in', 0, 800],
    [' New', 1000, 1320],
    [' York.', 1320, 1800],
  ]);
});

it.each([
  ['marks and endings stay', [' (“cubernetis’s', ' end'], [' (“Kubernetes’s', ' end']],
  ['capitals of its own are restored', [' a', ' postgresql', ' table'], [' a', ' PostgreSQL', ' table']],
  ['a sentence begins with its capital', ['A', ' pixel', ' ban', ' helps'], ['Apixaban', ' helps']],
  ['in the middle it has none', [' the', ' a', ' pixel', ' ban'], [' the', ' apixaban']],
  ['a word that is also a name stays a word', [' I', ' will', ' go'], [' I', ' will', ' go']],
  ['letters with marks', [' Zoe', ' said'], [' Zoë', ' said']],
  ['ideographs', ['在', '東', '經', '。'], ['在', '東京', '。']],
  ['a part of a word is not the word', [' zoetrope', ' nyorker'], [' zoetrope', ' nyorker']],
  ['half of it is not it', [' cooper', ' nets'], [' cooper', ' nets']],
])('%s', (_, heard, written) => {
  expect(respelled(...heard)?.map(([word]) => word)).toEqual(written);
});

it('gives back the very segment in which nothing is to be written in another way', () => {
  const same = segment(words(' nothing', ' here'));
  expect(respell([same], KEYTERMS)[0]).toBe(same);
  expect(respell([same], [])[0]).toBe(same);
});

it('keeps words and text together, and every time in order, whatever was said', () => {
  const said = fc.constantFrom(
    ' cooper',
    ' Netties',
    ' nyork',
    ' a',
    ' pixel',
    ' ban,',
    ' Zoe',
    '東',
    '經',
    ' (',
    "'s",
  );
  fc.assert(
    fc.property(fc.array(said, { maxLength: 12 }), (texts) => {
      const [written] = respell([segment(words(...texts))], KEYTERMS);
      const all = written?.words ?? [];
      expect(written?.text).toBe(all.map(({ word }) => word).join(''));
      let floorMs = 0;
      for (const { startMs, endMs, confidence } of all) {
        expect(startMs).toBeGreaterThanOrEqual(floorMs);
        expect(endMs).toBeGreaterThanOrEqual(startMs);
        expect(confidence).toBeCloseTo(0.5);
        floorMs = endMs;
      }
      expect(respell(written === undefined ? [] : [written], KEYTERMS)).toEqual([written]);
    }),
  );
});
