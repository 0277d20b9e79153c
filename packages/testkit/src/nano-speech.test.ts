import { describe, expect, it } from '@jest/globals';
import { NANO_VOICES, NANO_WORDS, nanoUtterances } from './nano-speech.ts';

describe('nanoUtterances', () => {
  const utterances = nanoUtterances(300);

  it('are the same for the same seed and others for another', () => {
    expect(nanoUtterances(300)).toEqual(utterances);
    expect(nanoUtterances(300, { seed: 2 })).not.toEqual(utterances);
  });

  it('stay inside the vocabulary and the voices, with no word twice', () => {
    for (const { text, language, voice, speed, pitch } of utterances) {
      const words = text.split(' ');
      expect(words.length).toBeGreaterThanOrEqual(3);
      expect(words.length).toBeLessThanOrEqual(6);
      expect(new Set(words).size).toBe(words.length);
      expect(words.filter((word) => !NANO_WORDS[language].includes(word))).toEqual([]);
      expect(NANO_VOICES[language]).toContain(voice);
      expect(speed >= 115 && speed <= 175 && pitch >= 30 && pitch <= 70).toBe(true);
    }
  });

  it('translate digits word by word', () => {
    const german = utterances.find(({ language }) => language === 'de');
    const digits = german?.text.split(' ').map((word) => NANO_WORDS.en[NANO_WORDS.de.indexOf(word)]);
    expect(german?.translation).toBe(digits?.join(' '));
  });

  it('use every voice', () => {
    expect(new Set(utterances.map(({ voice }) => voice)).size).toBe(16);
  });
});
