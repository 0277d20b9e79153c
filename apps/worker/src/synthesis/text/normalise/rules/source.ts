/** Not within a word or number. */
export const START = String.raw`(?<![\p{L}\p{N}_])`;
export const END = String.raw`(?![\p{L}\p{N}_])`;

/** Any of these texts, for a regular expression; the longest that fits. */
export function anyOf(texts: Iterable<string>): string {
  const longestFirst = [...texts].sort((a, b) => b.length - a.length);
  return `(?:${longestFirst.map((text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join('|')})`;
}

export const pattern = (source: string, flags = ''): RegExp => new RegExp(source, `gu${flags}`);
