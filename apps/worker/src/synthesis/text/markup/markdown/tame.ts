import { SottoError } from '@sotto/contracts';

/** What a person writes stays far below these; beyond them, the parser takes time with the square of the text. */
const MOST = { marks: 1000, brackets: 1000, underlinedHeadings: 1000, indentation: 40 };

const DEEP = /^(?:[ \t]{0,3}(?:>|[-+*]|\d{1,9}[.)])[ \t]{0,3}){16}/m;
/** What always ends a paragraph: an empty line, a heading, an item of a list. */
const BLOCK_START = /\n(?=[ \t]*\n| {0,3}(?:[*+-] \S|1[.)] \S|#{1,6} ))/;
const UNDERLINE = /^[ \t>]*(?:=+|-+)[ \t]*$/;
const INDENTED = new RegExp(`^[ \\t]{${MOST.indentation},}`, 'gm');

/**
 * Markdown that can be parsed in time in proportion to it.
 *
 * @throws SottoError invalid_parameter: marks that nobody would write
 */
export function tamed(text: string): string {
  if (DEEP.test(text)) throw refused('is nested more than 15 deep');
  if (underlinedHeadings(text) > MOST.underlinedHeadings)
    throw refused(`has more than ${MOST.underlinedHeadings} underlined headings`);
  for (const block of text.split(BLOCK_START)) {
    if (countOf(block, /[*_]/g) > MOST.marks)
      throw refused(`has a paragraph with more than ${MOST.marks} marks of emphasis`);
    if (countOf(block, /[[\]<`&]/g) > MOST.brackets)
      throw refused(`has a paragraph with more than ${MOST.brackets} brackets`);
  }
  return text.replace(INDENTED, ' '.repeat(MOST.indentation));
}

/** Of two lines, the second of `=` or `-` alone; a few rules may be counted with them. */
function underlinedHeadings(text: string): number {
  const lines = text.split('\n');
  return lines.filter((line, at) => UNDERLINE.test(line) && lines[at - 1]?.trim()).length;
}

const countOf = (text: string, mark: RegExp): number => text.match(mark)?.length ?? 0;

const refused = (what: string): SottoError => new SottoError('invalid_parameter', `The Markdown ${what}.`);
