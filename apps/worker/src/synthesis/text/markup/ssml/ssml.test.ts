import { describe, expect, it } from '@jest/globals';
import { SottoError } from '@sotto/contracts';
import fc from 'fast-check';
import { scriptOf } from '../../script-of.ts';

const read = (text: string, language = 'en') => scriptOf(text, { format: 'ssml', language });
const said = (inner: string) => read(`<speak>${inner}</speak>`).utterances.map((one) => one.spoken);

describe('SSML', () => {
  it('is read by paragraphs and sentences, with breaks', () => {
    const { utterances } = read(
      '<?xml version="1.0"?><!-- no --><speak><p>One.<s>Two</s></p>Three<break time="1.5s"/>four<break strength="weak"/> five</speak>',
    );
    expect(utterances.map((one) => [one.spoken, one.pauseMs])).toEqual([
      ['One.', 300],
      ['Two', 600],
      ['Three', 1500],
      ['four', 120],
      ['five', 0],
    ]);
  });

  it('changes voice, language and speed where it says so', () => {
    const { utterances } = read(
      '<speak>One <voice name="joe">two <prosody rate="50%">three <lang xml:lang="de-de">21</lang></prosody></voice>, end.</speak>',
    );
    expect(utterances.map(({ spoken, voice, language, speed }) => [spoken, voice, language, speed])).toEqual([
      ['One', null, null, 1],
      ['two', 'joe', null, 1],
      ['three', 'joe', null, 0.5],
      ['einundzwanzig', 'joe', 'de-DE', 0.5],
      [', end.', null, null, 1],
    ]);
  });

  it.each([
    ['<say-as interpret-as="characters">Ab1-</say-as>', 'eigh B one dash'],
    ['<say-as interpret-as="ordinal">21</say-as> of', 'twenty-first of'],
    ['<say-as interpret-as="cardinal">1984</say-as>', 'one thousand nine hundred eighty-four'],
    ['<say-as interpret-as="telephone">5550 172</say-as>', 'five five five zero, one seven two'],
    ['<say-as interpret-as="date" format="dmy">1/2/1984</say-as>', 'February first, nineteen eighty-four'],
    ['<say-as interpret-as="currency">$3</say-as>', 'three dollars'],
    ['<say-as interpret-as="anything">2 kg</say-as>', 'two kilograms'],
    [
      'the <sub alias="World Wide Web">WWW</sub> at <sub alias="5 km">here</sub>',
      'the World Wide Web at five kilometers',
    ],
    ['a <mark name="x"/>b <emphasis>c</emphasis> <unknown>d</unknown> e&amp;f', 'a b c d e and f'],
    ['<![CDATA[x]]> is 5', 'x is five'],
  ])('%s', (inner, spoken) => {
    expect(said(inner)).toEqual([spoken]);
  });

  it('spells phonemes where that helps, and says so', () => {
    const text = '<speak>a <phoneme alphabet="ipa" ph="təˈmeɪtoʊ">tomato</phoneme></speak>';
    expect(read(text).utterances[0]?.spoken).toBe('a tuh-may-toh');
    expect(read(text).warnings).toEqual([expect.objectContaining({ code: 'phonemes_respelled' })]);
    expect(read(text, 'de').utterances[0]?.spoken).toBe('a tomato');
    expect(read(text, 'de').warnings).toEqual([expect.objectContaining({ code: 'phonemes_not_used' })]);
  });

  it.each([
    ['<speak>\n<p>one</speak>', 'line 2'],
    ['<speak>&nbsp;</speak>', 'line 1'],
    ['text', 'line 1'],
    ['<p>one</p>', 'the outermost element must be speak'],
    ['<!DOCTYPE x [<!ENTITY a "b">]><speak>&a;</speak>', 'document type'],
    ['<speak>a<break time="soon"/></speak>', 'break needs a time'],
    ['<speak><prosody rate="very">a</prosody></speak>', 'prosody needs a rate'],
    ['<speak xml:lang="-">a</speak>', 'is no language'],
    [`<speak>${'<p>'.repeat(100)}`, 'nested 64 deep'],
  ])('refuses %j', (text, what) => {
    expect(() => read(text)).toThrow(SottoError);
    expect(() => read(text)).toThrow(/The SSML is broken at line \d+, column \d+: /);
    expect(() => read(text)).toThrow(what);
  });

  it('refuses entities that grow', () => {
    const bomb = '<!DOCTYPE b [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><speak>&b;</speak>';
    expect(() => read(bomb)).toThrow('a document type is not allowed');
  });

  it('reads any text as SSML or says where it is broken', () => {
    const bits = fc.constantFrom(
      '<speak>',
      '</speak>',
      '<p>',
      '</p>',
      '<break/>',
      'a',
      '1 ',
      '&',
      '<sub alias="x">',
      '</sub>',
      '"',
      '<',
      '>',
    );
    fc.assert(
      fc.property(fc.array(bits, { maxLength: 12 }), (parts) => {
        try {
          expect(read(parts.join('')).utterances.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(SottoError);
        }
      }),
    );
  });
});
