import type { Tongue } from '../tongue.ts';

/** Letters and digits one by one; other characters of the text are left out. */
export const spelledLetters = (text: string, { cardinal, letters }: Tongue): string =>
  Array.from(text.matchAll(/[\p{L}\p{N}]/gu), ([character]) => {
    if (/^\d$/.test(character)) return cardinal(character);
    const letter = character.toUpperCase();
    return Object.hasOwn(letters, letter) ? letters[letter] : letter;
  }).join(' ');
