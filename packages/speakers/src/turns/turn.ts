/** Somebody speaks from `start` to `end`, in seconds. */
export interface Turn {
  start: number;
  end: number;
  /** Speakers are numbered by first appearance. */
  speaker: number;
}

export const byTime = (a: Turn, b: Turn): number => a.start - b.start || a.end - b.end;

/** By time, and speakers by first appearance. */
export function inOrder(turns: readonly Turn[]): Turn[] {
  const numbers = new Map<number, number>();
  return turns.toSorted(byTime).map(({ start, end, speaker }) => {
    const number = numbers.get(speaker) ?? numbers.size;
    numbers.set(speaker, number);
    return { start, end, speaker: number };
  });
}
