import { respelled } from './respell.ts';

/** Is told how far phonemes are from what is spoken. */
export type PhonemeWarner = (code: 'phonemes_not_used' | 'phonemes_respelled', detail: string) => void;

/** @returns what is read for sounds; null: the word itself, as it is written */
export function saidPhonemes(ipa: string, language: string, warn: PhonemeWarner): string | null {
  const spelling = respelled(ipa, language);
  if (spelling === null) warn('phonemes_not_used', 'A word with phonemes is read as it is written.');
  else warn('phonemes_respelled', 'Phonemes are spelled as English would, so they are approximate.');
  return spelling;
}
