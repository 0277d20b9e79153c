import { diffArrays } from 'diff';
import { type ComparedWord, stretchesOf } from './stretches.ts';

/** Words side by side, of which all differ from the other side, or none. */
export interface Part {
  text: string;
  differs: boolean;
}

/** What both say in the same time. */
export interface Row {
  startMs: number;
  sides: [Part[], Part[]];
}

export interface Counts {
  /** Words that both have, without regard to case and punctuation. */
  same: number;
  /** One says these, the other those. */
  other: number;
  onlyFirst: number;
  onlySecond: number;
  /** Of the same words: those that begin at times further apart than OFF_MS. */
  apart: number;
}

export interface Comparison {
  rows: Row[];
  counts: Counts;
}

export const OFF_MS = 300;
/** A row is no longer than this, where both say the same for a moment. */
const WORDS_A_ROW = 24;
/** Where they say nothing alike, a row ends with a line. */
const DIFFERING_WORDS_A_ROW = 80;

type Step = readonly [first: ComparedWord | undefined, second: ComparedWord | undefined];

/** Two transcripts of one recording, word by word. */
export function compared(first: readonly ComparedWord[], second: readonly ComparedWord[]): Comparison {
  const counts: Counts = { same: 0, other: 0, onlyFirst: 0, onlySecond: 0, apart: 0 };
  const rows = new Rows();
  for (const [ours, theirs] of stretchesOf(first, second)) {
    for (const steps of alignedIn(ours, theirs)) {
      count(steps, counts);
      for (const step of steps) rows.add(step);
    }
  }
  return { rows: rows.all, counts };
}

/** Runs of steps: of words that both have, or of words that differ. */
function alignedIn(first: readonly ComparedWord[], second: readonly ComparedWord[]): Step[][] {
  const [rest, other] = [[...first], [...second]];
  const runs: Step[][] = [];
  let differing: Step[] = [];
  const changes = diffArrays(first.map(keyOf), second.map(keyOf));
  for (const { added, removed, value } of changes) {
    if (!added && !removed) {
      if (differing.length > 0) runs.push(differing);
      differing = [];
      runs.push(value.map((): Step => [rest.shift(), other.shift()]));
    } else if (removed) differing.push(...rest.splice(0, value.length).map((word): Step => [word, undefined]));
    else differing.push(...other.splice(0, value.length).map((word): Step => [undefined, word]));
  }
  return differing.length > 0 ? [...runs, differing] : runs;
}

/** What is written otherwise and said alike is the same. */
const keyOf = ({ text }: ComparedWord): string =>
  text.toLowerCase().replace(/[^\p{L}\p{N}\p{M}]+/gu, '') || text.trim();

function count(steps: readonly Step[], counts: Counts): void {
  const both = steps.filter(([first, second]) => first !== undefined && second !== undefined);
  counts.same += both.length;
  counts.apart += both.filter(
    ([first, second]) => Math.abs((first?.startMs ?? 0) - (second?.startMs ?? 0)) > OFF_MS,
  ).length;
  const lost = steps.filter(([, second]) => second === undefined).length;
  const gained = steps.filter(([first]) => first === undefined).length;
  counts.other += Math.min(lost, gained);
  counts.onlyFirst += Math.max(0, lost - gained);
  counts.onlySecond += Math.max(0, gained - lost);
}

/** A row begins with a word that both have, where a line of the first one begins, or where the row before is long. */
class Rows {
  readonly all: Row[] = [];
  #words = 0;

  add([first, second]: Step): void {
    const isSame = first !== undefined && second !== undefined;
    const isEnd = isSame && (first.startsLine || second.startsLine) && this.#words > WORDS_A_ROW / 4;
    const word = first ?? second;
    const isLong =
      this.#words >= (isSame ? WORDS_A_ROW : DIFFERING_WORDS_A_ROW) && (isSame || word?.startsLine === true);
    if (this.all.length === 0 || isEnd || isLong) {
      this.all.push({ startMs: word?.startMs ?? 0, sides: [[], []] });
      this.#words = 0;
    }
    this.#words += 1;
    const row = this.all.at(-1);
    [first, second].forEach((said, side) => {
      if (said !== undefined) put(row?.sides[side] ?? [], { text: said.text, differs: !isSame });
    });
  }
}

function put(parts: Part[], part: Part): void {
  const last = parts.at(-1);
  if (last !== undefined && last.differs === part.differs) last.text += part.text;
  else parts.push(part);
}
