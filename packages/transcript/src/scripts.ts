/** Characters that are a word each in their languages' subtitles: Han, kana and their kin (not Hangul: Korean has spaces). */
const IDEOGRAPH = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u30FC\uFF70`;

const STARTS_WITH_IDEOGRAPH = new RegExp(`^[${IDEOGRAPH}]`, 'u');
const ENDS_WITH_IDEOGRAPH = new RegExp(`[${IDEOGRAPH}]\\p{M}*$`, 'u');
const UNSPACED = new RegExp(`[${IDEOGRAPH}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}]`, 'u');
const PIECES = new RegExp(`\\s+|[${IDEOGRAPH}]\\p{M}*|[^\\s${IDEOGRAPH}]+`, 'gu');

/** Blank runs, single ideographs, and runs of anything else. Joined they are the text. */
export function pieces(text: string): string[] {
  return text.match(PIECES) ?? [];
}

export function startsWithIdeograph(text: string): boolean {
  return STARTS_WITH_IDEOGRAPH.test(text);
}

export function endsWithIdeograph(text: string): boolean {
  return ENDS_WITH_IDEOGRAPH.test(text);
}

/** Has letters of a script that writes no blanks between words. */
export function isWrittenUnspaced(text: string): boolean {
  return UNSPACED.test(text);
}

/** Whisper's languages that write without spaces and whose tokens are the best words there are. */
const UNSPACED_LANGUAGES = new Set(['th', 'lo', 'my', 'km']);

export function isUnspaced(language: string | null): boolean {
  return language !== null && UNSPACED_LANGUAGES.has(language);
}

/** Whisper's languages that are written from right to left. */
const RIGHT_TO_LEFT_LANGUAGES = new Set(['ar', 'fa', 'he', 'ps', 'sd', 'ur', 'yi']);

export function isRightToLeft(language: string | null): boolean {
  return language !== null && RIGHT_TO_LEFT_LANGUAGES.has(language);
}

/** Has something to pronounce: a letter, digit or symbol; not just blanks and punctuation. `&` and its like are words. */
export function isSpoken(text: string): boolean {
  return /[^\s\p{P}\p{M}\p{Cc}\p{Cf}]|[&%@#]/u.test(text);
}

/** Sum of column widths: East Asian wide characters take two, marks none. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/^[\p{M}\p{Cf}]$/u.test(character)) continue;
    width +=
      /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303F\uFF01-\uFF60\u30FC]$/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}
