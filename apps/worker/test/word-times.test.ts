import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { SpeechResult } from '@sotto/contracts';
import { describeWith, tinyEnModelDir } from '@sotto/testkit';
import { Fleet } from './fleet.ts';
import { spokenText } from './spoken.ts';

jest.setTimeout(120_000);

let fleet: Fleet;
afterEach(() => fleet.close());

const TEXT = [
  'The old ship sailed slowly into the harbor before the storm arrived.',
  'It cost $45.50, and Dr. Ellen paid it in 1984.\n\nNobody knew the answer, so the teacher explained it again.',
].join(' ');
const WRITTEN = TEXT.split(/\s+/);

const wordsOf = ({ pieces }: SpeechResult) => pieces.flatMap(({ words = [] }) => words);

/** They are the text as it was written, one after the other, each inside its piece. */
function mustBeWhole(result: SpeechResult): void {
  expect(wordsOf(result).map(({ word }) => word.trim())).toEqual(WRITTEN);
  for (const { words = [], startMs, endMs } of result.pieces) {
    for (const [at, word] of words.entries()) {
      expect(word.startMs).toBeGreaterThanOrEqual(words[at - 1]?.startMs ?? startMs);
      expect(word.endMs).toBeGreaterThanOrEqual(word.startMs);
      expect(word.endMs).toBeLessThanOrEqual(endMs);
    }
  }
}

describe('words of a text without a worker that transcribes', () => {
  it('have estimated times, with a warning, and the sound is what it would be', async () => {
    fleet = await Fleet.start({ roles: [['prepare', 'speak']] });
    const plain = await spokenText(fleet, TEXT);
    expect(wordsOf(plain.result)).toEqual([]);
    const { run, result, sound } = await spokenText(fleet, TEXT, { wordTimes: true });
    mustBeWhole(result);
    expect(sound.equals(plain.sound)).toBe(true);
    expect(result.warnings.map(({ code }) => code)).toContain('words_estimated');
    expect(run).toMatchObject({ status: 'completed', extras: { 'word-times': 'failed' } });
  });
});

describeWith(await tinyEnModelDir(), 'words of a text', (modelDir) => {
  it.each([
    ['in the process that speaks', [['prepare', 'speak', 'transcribe']]],
    ['by other workers', [['prepare', 'speak'], ['transcribe']]],
  ])('are found in the sound %s', async (_, roles) => {
    fleet = await Fleet.start({ roles, modelDir, model: 'tiny.en' });
    const { run, result } = await spokenText(fleet, TEXT, { wordTimes: true });
    mustBeWhole(result);
    expect(result.warnings.map(({ code }) => code)).not.toContain('words_estimated');
    expect(run.extras).toEqual({ 'word-times': 'completed' });
    // The price takes longer to say than to write.
    const price = wordsOf(result).find(({ word }) => word.includes('45'));
    expect((price?.endMs ?? 0) - (price?.startMs ?? 0)).toBeGreaterThan(1_000);
    expect(await fleet.redis.client().keys(`${fleet.settings.prefix}:run:*:words`)).toEqual([]);
  });

  it('have estimated times where the model does not know their language', async () => {
    fleet = await Fleet.start({ roles: [['prepare', 'speak', 'transcribe']], modelDir, model: 'tiny.en' });
    const { run, result } = await spokenText(fleet, 'Das ist ein Satz auf Deutsch.', {
      language: 'de',
      wordTimes: true,
    });
    expect(wordsOf(result).map(({ word }) => word.trim())).toEqual(['Das', 'ist', 'ein', 'Satz', 'auf', 'Deutsch.']);
    expect(run.status).toBe('completed');
    expect(result.warnings.map(({ code }) => code)).toContain('words_estimated');
  });
});
