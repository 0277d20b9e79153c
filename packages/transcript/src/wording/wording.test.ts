import { describe, expect, it } from '@jest/globals';
import { DEFAULT_WORDING, type Replacement, type Transcript, type Wording, wordingOf } from '@sotto/contracts';
import fc from 'fast-check';
import { anyTranscript, evenWords, segmentOf, transcriptOf } from '../../test/arbitraries.ts';
import { worded } from './wording.ts';

/** Words of 500 ms each. */
function said(text: string, language = 'en'): Transcript {
  return { ...transcriptOf([segmentOf(evenWords(text, 0, 500), 0)], 60_000), language };
}

const text = (heard: string, choice: Partial<Wording>, language?: string) =>
  worded(said(heard, language), wordingOf(choice)).text;

const times = ({ segments }: Transcript) =>
  segments.flatMap(({ words }) => words.map(({ word, startMs, endMs }) => [word.trim(), startMs, endMs]));

const replaced = (heard: string, ...replace: Replacement[]) => text(heard, { replace });

describe('spelling rules', () => {
  it.each([
    ['We run cube cuttle daily.', 'cube cuttle', 'kubectl', 'We run kubectl daily.'],
    ['Cube Cuttle, they said', 'cube cuttle', 'kubectl', 'kubectl, they said'],
    ['an e-mail and an e mail', 'e-mail', 'email', 'an email and an email'],
    ['Node.js, node.js and nodes', 'node.js', 'Node.js', 'Node.js, Node.js and nodes'],
    ['Kubernetis, Cubernetes', '*ubernet*', 'Kubernetes', 'Kubernetes, Kubernetes'],
    ['She said (postgres) twice', 'postgres', 'PostgreSQL', 'She said (PostgreSQL) twice'],
    ['take the the bus', 'the the', 'the', 'take the bus'],
    ['well I mean it', 'I mean', '', 'well it'],
    ['no suborder matches order', 'order', 'X', 'no suborder matches X'],
    ['東京都に住む', '東京', '京都', '京都都に住む'],
    ["it's theirs", 'theirs', 'ours', "it's ours"],
  ])('%s: %s => %s', (heard, from, to, expected) => {
    expect(replaced(heard, { from, to })).toBe(expected);
  });

  it('take the first that fits, never what another has written, and case where it counts', () => {
    const ab = { from: 'a', to: 'b' };
    expect(replaced('a b', ab, { from: 'b', to: 'c' }, { from: 'a', to: 'd' })).toBe('b c');
    expect(replaced('US and us', { from: 'US', to: 'America', matchCase: true })).toBe('America and us');
  });

  it('keep the times of what they do not touch, and share those of what they do', () => {
    const wording = wordingOf({
      replace: [
        { from: 'one two', to: 'twelve' },
        { from: 'four', to: 'fo ur' },
        { from: 'five six', to: 'fife sics' },
      ],
    });
    expect(times(worded(said('one two three four five six'), wording))).toEqual([
      ['twelve', 0, 1000],
      ['three', 1000, 1500],
      ['fo', 1500, 1750],
      ['ur', 1750, 2000],
      ['fife', 2000, 2500],
      ['sics', 2500, 3000],
    ]);
  });

  it('take time in proportion to the text, whatever the rules', () => {
    const hard = Array.from({ length: 200 }, (_, at) => ({ from: `a*a*a*a*a*a*${at}`, to: 'x' }));
    const heard = `${'a'.repeat(60)}! `.repeat(200);
    // A pattern that tries all ways to divide 60 letters over six stars would not end within a day.
    expect(replaced(heard, ...hard)).toBe(heard.trim());
  });
});

describe('filler words', () => {
  it.each([
    ['en', 'Um, so I think, uh, that works.', 'So I think, that works.'],
    ['en', 'It is, um. Right.', 'It is. Right.'],
    ['en', 'Uh. Uhm... yes', 'Yes'],
    ['en', 'It is um, um.', 'It is.'],
    ['en', 'Uh-huh, that is an umbrella', 'Uh-huh, that is an umbrella'],
    ['de', 'Ähm, das ist, äh, gut.', 'Das ist, gut.'],
    ['fr', "Euh, c'est bien.", "C'est bien."],
    ['xx', 'Um, so', 'Um, so'],
  ])('%s: %s', (language, heard, expected) => {
    expect(text(heard, { disfluencies: false }, language)).toBe(expected);
  });

  it('leave the times of the others, and no segment that said nothing else', () => {
    expect(times(worded(said('Um, so uh it is'), wordingOf({ disfluencies: false })))).toEqual([
      ['So', 500, 1000],
      ['it', 1500, 2000],
      ['is', 2000, 2500],
    ]);
    const two = transcriptOf(
      [segmentOf(evenWords(' Uh.', 0, 500), 0), segmentOf(evenWords(' Yes.', 900, 500), 1)],
      2000,
    );
    const { segments } = worded({ ...two, language: 'en' }, wordingOf({ disfluencies: false }));
    expect(segments.map(({ id, text: left }) => [id, left])).toEqual([[0, ' Yes.']]);
  });
});

describe('swear words', () => {
  it.each([
    ['en', 'What the Fuck, Scunthorpe', 'What the F***, Scunthorpe'],
    ['de', 'So eine Scheiße!', 'So eine S******!'],
  ])('%s: %s', (language, heard, expected) => {
    expect(text(heard, { profanity: 'mask' }, language)).toBe(expected);
  });
});

it('case is changed as the language does it', () => {
  expect(text('Istanbul IS', { casing: 'lower' }, 'tr')).toBe('ıstanbul ıs');
  expect(text('Straße', { casing: 'upper' }, 'de')).toBe('STRASSE');
});

describe('any transcript', () => {
  const anyWording = fc.record({
    replace: fc.array(
      fc.record({ from: fc.constantFrom('a', 'the', 'a*', 'b c', '*', '.'), to: fc.constantFrom('', 'x', 'x y', 'ß') }),
      { maxLength: 4 },
    ),
    disfluencies: fc.boolean(),
    numbers: fc.constantFrom('keep' as const, 'digits' as const, 'words' as const),
    profanity: fc.constantFrom('keep' as const, 'mask' as const),
    casing: fc.constantFrom('keep' as const, 'lower' as const, 'upper' as const),
  });

  it('keeps words that are its text, in order, within their segment, and what is not wished unchanged', () => {
    fc.assert(
      fc.property(anyTranscript, anyWording, fc.constantFrom('en', 'de', 'ja', null), (heard, wording, language) => {
        const before = { ...heard, language };
        expect(worded(before, DEFAULT_WORDING)).toBe(before);
        const { segments, ...others } = worded(before, wording);
        expect({ ...others, text: '' }).toEqual({ ...before, segments: undefined, text: '' });
        for (const [id, segment] of segments.entries()) {
          expect(segment.id).toBe(id);
          if (segment.words.length === 0) continue;
          expect(segment.words.map(({ word }) => word).join('')).toBe(segment.text);
        }
        for (const { words } of segments) {
          for (const [at, { startMs, endMs }] of words.entries()) {
            expect(endMs).toBeGreaterThanOrEqual(startMs);
            expect(startMs).toBeGreaterThanOrEqual(words[at - 1]?.startMs ?? 0);
          }
        }
      }),
    );
  });
});
