/** Nothing is said for these: controls, halves of characters, marks of direction, soft hyphens, byte order marks. */
const UNSPOKEN = /(?![\n\t])[\p{Cc}\p{Cs}\u00AD\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF\uFFF9-\uFFFB]/gu;
const LINE_ENDS = /\r\n?|[\u0085\v\u2028]/g;
const PARAGRAPH_ENDS = /[\f\u2029]/g;

/** Well-formed text with `\n` between lines and an empty line between paragraphs. */
export const cleanText = (text: string): string =>
  text.replace(LINE_ENDS, '\n').replace(PARAGRAPH_ENDS, '\n\n').replace(UNSPOKEN, '');

/** A stretch of text on one line, without needless space. */
export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
