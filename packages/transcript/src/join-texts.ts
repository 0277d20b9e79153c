import { endsWithIdeograph, startsWithIdeograph } from './scripts.ts';

/**
 * Texts of segments as one text, trimmed. Whisper begins a word with its blank; where a segment does not, one is put in,
 * except beside ideographs, which have none.
 */
export function joinTexts(texts: readonly string[]): string {
  let joined = '';
  for (const text of texts) {
    const touches = joined !== '' && text !== '' && !/\s$/u.test(joined) && !/^\s/u.test(text);
    joined += touches && needsBlank(joined, text) ? ` ${text}` : text;
  }
  return joined.trim();
}

function needsBlank(before: string, after: string): boolean {
  const isCjk = endsWithIdeograph(before) || /[。、！？，」』）\u3000]$/u.test(before) || startsWithIdeograph(after);
  return !isCjk;
}
