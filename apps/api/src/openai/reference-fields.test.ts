import { describe, expect, it } from '@jest/globals';
import { SottoError } from '@sotto/contracts';
import { z } from 'zod';
import { referenceFields, referencesOf } from './reference-fields.ts';

const form = z.strictObject(referenceFields);
const url = (text: string, head = 'data:audio/wav;base64,') => head + Buffer.from(text).toString('base64');

function refusal(fields: Record<string, unknown>, isDiarized = true): string {
  try {
    referencesOf(form.parse(fields), isDiarized);
  } catch (error) {
    if (error instanceof SottoError) return error.detail;
    if (error instanceof z.ZodError) return `${error.issues[0]?.path.join('.')}: ${error.issues[0]?.message}`;
    throw error;
  }
  return 'not refused';
}

describe('references of known speakers', () => {
  it('are names and samples in the same order, also where there is only one', () => {
    const two = { known_speaker_names: ['Ann', 'Ben'], known_speaker_references: [url('a'), url('b')] };
    expect(referencesOf(form.parse(two), true).map(({ name, sample }) => [name, String(sample)])).toEqual([
      ['Ann', 'a'],
      ['Ben', 'b'],
    ]);
    const one = {
      known_speaker_names: 'Ann',
      known_speaker_references: url('a', 'data:audio/webm;codecs=opus;base64,'),
    };
    expect(referencesOf(form.parse(one), true)).toHaveLength(1);
    expect(referencesOf(form.parse({}), false)).toEqual([]);
  });

  it.each([
    ['names alone', { known_speaker_names: ['Ann'] }, /^known_speaker_names: needs as many/],
    ['samples alone', { known_speaker_references: [url('a')] }, /^known_speaker_references: needs as many/],
    ['five', { known_speaker_references: Array(5).fill(url('a')) }, /^known_speaker_references: may be at most 4/],
    [
      'a name twice',
      { known_speaker_names: ['Zoë', 'zoe\u0308'], known_speaker_references: [url('a'), url('b')] },
      /^known_speaker_names: must not have a name twice/,
    ],
    ['an empty name', { known_speaker_names: [' '] }, /^known_speaker_names/],
    ['a picture', { known_speaker_references: [url('a', 'data:image/png;base64,')] }, /must be a data URL of audio/],
    ['no base64', { known_speaker_references: ['data:audio/wav;base64,a b'] }, /must be a data URL of audio/],
    ['no data', { known_speaker_references: ['data:audio/wav;base64,'] }, /must be a data URL of audio/],
  ])('%s are refused', (_, fields, detail) => {
    expect(refusal(fields)).toMatch(detail);
  });

  it('go only with diarized_json', () => {
    const fields = { known_speaker_names: ['Ann'], known_speaker_references: [url('a')] };
    expect(refusal(fields, false)).toMatch(/response_format must be diarized_json/);
  });
});
