/** A stretch of what is written, and what is said instead. */
export interface Change {
  /** UTF-16 offsets into what is written. */
  start: number;
  end: number;
  spoken: string;
}

/** Where a change stands in both texts, as UTF-16 offsets. */
export interface Alignment {
  shownStart: number;
  shownEnd: number;
  spokenStart: number;
  spokenEnd: number;
}

/** Text as it is written and as it is spoken; between the changes, in order, both are the same. */
export interface SaidText {
  shown: string;
  spoken: string;
  alignment: readonly Alignment[];
}

/** @param changes in order, none over another */
export function saidText(shown: string, changes: readonly Change[]): SaidText {
  const alignment: Alignment[] = [];
  const parts: string[] = [];
  let written = 0;
  let spokenLength = 0;
  const say = (text: string) => {
    parts.push(text);
    spokenLength += text.length;
  };
  for (const { start, end, spoken } of changes) {
    say(shown.slice(written, start));
    alignment.push({
      shownStart: start,
      shownEnd: end,
      spokenStart: spokenLength,
      spokenEnd: spokenLength + spoken.length,
    });
    say(spoken);
    written = end;
  }
  say(shown.slice(written));
  return { shown, spoken: parts.join(''), alignment };
}
