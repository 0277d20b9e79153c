/** Letters with strokes and ligatures, which Unicode does not take apart. */
const PLAIN: Record<string, string> = {
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ħ: 'h',
  ŧ: 't',
  ð: 'd',
  þ: 'th',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
  // Of Arabic: the stroke that only stretches a word, forms of yeh, and teh marbuta.
  ـ: '',
  ى: 'ي',
  ی: 'ي',
  ک: 'ك',
  ة: 'ه',
  ς: 'σ',
};
const PLAIN_LETTERS = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'gu');

/**
 * Accents, and the points that Hebrew and Arabic may leave out. Not the marks of other scripts: in Devanagari or Thai
 * they are the vowels themselves, and on kana (U+3099, U+309A) they make another letter.
 */
const DIACRITICS = /(?![\u3099\u309A])(?=\p{M})[\p{Script=Inherited}\p{Script=Hebrew}\p{Script=Arabic}]/gu;

/** Text as a search compares it: without case, accents and width. `Straße` and `STRASSE` are one, `Émile` and `emile` too. */
export function fold(text: string): string {
  const bare = text.normalize('NFKD').replace(DIACRITICS, '').normalize('NFC');
  // Upper case first: it is what takes ß apart.
  const lower = bare.toUpperCase().toLowerCase();
  return lower.replace(PLAIN_LETTERS, (letter) => PLAIN[letter] ?? letter);
}
