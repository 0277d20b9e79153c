import { describe, expect, it } from '@jest/globals';
import { isOwnVoice } from '@sotto/contracts';
import { anyString } from '@sotto/testkit/any-string';
import fc from 'fast-check';
import { isRemoteVoice, listedVoices, namedVoices } from './remote-voices.ts';

const listed = (answer: unknown) => listedVoices(answer, ['en']).map(({ id, languages }) => [id, ...languages]);

describe('listedVoices', () => {
  it.each([
    [
      { voices: ['af_heart', 'zf_xiaobei', 'Alloy'] },
      [
        ['remote-af_heart', 'en-us'],
        ['remote-zf_xiaobei', 'cmn'],
        ['remote-alloy', 'en'],
      ],
    ],
    [
      {
        voices: [
          { id: 'x', name: 'X' },
          { voice_id: 'Y y', locale: 'pt_BR' },
        ],
      },
      [
        ['remote-x', 'en'],
        ['remote-y_y', 'pt-br'],
      ],
    ],
    [[{ name: 'de-DE-KatjaNeural', gender: 'Female', language: 'de-DE' }], [['remote-de-de-katjaneural', 'de-de']]],
    [{ data: ['a', 'A', '', 3, null, { id: 4 }] }, [['remote-a', 'en']]],
    ['<html>', []],
    [null, []],
  ])('reads %j', (answer, expected) => {
    expect(listed(answer)).toEqual(expected);
  });

  it('of anything are voices whose ids are like those of others, and of nobody else', () => {
    const names = fc.oneof(
      anyString(),
      fc.record({ id: anyString(), language: anyString(), gender: anyString() }),
      fc.json(),
    );
    fc.assert(
      fc.property(fc.array(names), (voices) => {
        const found = listedVoices({ voices }, ['en']);
        expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
        for (const { id, languages } of found) {
          expect(id).toMatch(/^[a-z][a-z0-9_-]*$/);
          expect(isRemoteVoice(id) && !isOwnVoice(id)).toBe(true);
          expect(languages.length).toBeGreaterThan(0);
          expect(languages.every((code) => /^[a-z]{2,3}(-[a-z0-9]+)*$/.test(code))).toBe(true);
        }
      }),
    );
  });
});

it('namedVoices reads languages beside names', () => {
  const voices = namedVoices(['alloy', 'Anna=de+en-GB', 'alloy'], ['en']);
  expect(voices.map(({ theirs, languages }) => [theirs, ...languages])).toEqual([
    ['alloy', 'en'],
    ['Anna', 'de', 'en-gb'],
  ]);
});
