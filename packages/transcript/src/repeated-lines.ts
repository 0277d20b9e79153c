/** A line of this many words that comes again and again is a loop the third time ... */
const LONG_LINE_WORDS = 3;
const LONG_LINE_TIMES = 3;
/** ... a shorter one (Yes. No. Thank you.) people do say more often. */
const SHORT_LINE_TIMES = 5;
/** Lines of which a loop may consist: A A A, A B A B A B, A B C A B C A B C. */
const MAX_PERIOD = 3;

/**
 * Which of these lines, in the order of the recording, only repeat what came before: a decoder that hears nothing loops,
 * and being asked window by window it says the same line in each. The first times are not marked: they may be the ones that
 * were said.
 */
export function repeatedLines(lines: readonly string[]): boolean[] {
  const plain = lines.map(wordsOf);
  const texts = plain.map((words) => words.join(' '));
  return plain.map((words, at) => {
    if (words.length === 0) return false;
    const times = words.length >= LONG_LINE_WORDS ? LONG_LINE_TIMES : SHORT_LINE_TIMES;
    for (let period = 1; period <= MAX_PERIOD; period++) {
      if (timesInLoop(texts, at, period) >= times) return true;
    }
    return false;
  });
}

/** How often the line has come by now in a loop of so many lines, all of which repeat. */
function timesInLoop(texts: readonly string[], at: number, period: number): number {
  let same = 0;
  while (at - same - period >= 0 && texts[at - same] === texts[at - same - period]) same += 1;
  return same === 0 ? 1 : Math.floor((same - 1) / period) + 2;
}

function wordsOf(line: string): string[] {
  return line.toLowerCase().match(/[\p{L}\p{N}\p{M}']+/gu) ?? [];
}
