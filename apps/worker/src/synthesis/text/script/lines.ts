import { oneLine } from './clean.ts';

/** Lines of a text that was wrapped by an editor or e-mail program have about this width. */
const WRAPPED = { least: 40, most: 120 };

/**
 * The paragraphs of plain text, each as its lines. A line break that only keeps lines short is a space; one that stays
 * although the next word would have fitted is meant: a list, a poem, an address.
 */
export function paragraphsOf(text: string): string[][] {
  const paragraphs: string[][] = [[]];
  for (const line of text.split('\n').map(oneLine)) {
    if (line !== '') paragraphs.at(-1)?.push(line);
    else if (paragraphs.at(-1)?.length) paragraphs.push([]);
  }
  return paragraphs.filter((lines) => lines.length > 0).map(unwrapped);
}

function unwrapped(lines: readonly string[]): string[] {
  const width = lines.reduce((widest, line) => Math.max(widest, line.length), 0);
  if (width < WRAPPED.least || width > WRAPPED.most) return [...lines];
  const whole: string[][] = [];
  for (const [index, line] of lines.entries()) {
    if (index > 0 && isFull(lines[index - 1] ?? '', line, width)) whole.at(-1)?.push(line);
    else whole.push([line]);
  }
  return whole.map((parts) => parts.join(' '));
}

/** The next line's first word would not have fitted. */
const isFull = (line: string, next: string, width: number): boolean =>
  line.length + 1 + (next.split(' ', 1)[0] ?? '').length > width;
