/** A word, a single ideograph, or a single other character, and where it stands in its text. */
export interface TextToken {
  text: string;
  start: number;
  end: number;
  /** Blanks or hyphens stand before it, or it is the first. */
  isApart: boolean;
}

const IDEOGRAPH = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u30FC`;
const WORD_CHARACTER = String.raw`(?![${IDEOGRAPH}])[\p{L}\p{M}\p{N}]`;
const ENDS_APART = /[\s\u2010-\u2015-]$/u;
const TOKENS = new RegExp(
  `[${IDEOGRAPH}]|(?:${WORD_CHARACTER})+(?:['’](?:${WORD_CHARACTER})+)*|[^\\s\\u2010-\\u2015-]`,
  'gu',
);

/** Blanks and hyphens only separate: `e-mail` and `e mail` are the same two tokens. */
export function tokensOf(text: string): TextToken[] {
  let end = 0;
  return [...text.matchAll(TOKENS)].map((match) => {
    const start = match.index;
    const isApart = start === 0 || ENDS_APART.test(text.slice(end, start));
    end = start + match[0].length;
    return { text: match[0], start, end, isApart };
  });
}

/** Where a text starts a sentence: at its beginning, and behind what ends one. */
export function startsSentence(text: string, offset: number): boolean {
  return /(?:^|\p{Sentence_Terminal}['"”’»)\]]*)\s*$/u.test(text.slice(0, offset));
}
