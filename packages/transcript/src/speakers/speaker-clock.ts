import type { Span, SpeakerTurn } from '@sotto/contracts';

/** A word this far from a turn may still be its speaker's. */
const NEAR_MS = 500;

/** Tells who speaks at a time. Asked in the order of the recording, it looks at each turn a few times. */
export class SpeakerClock {
  readonly #turns: readonly SpeakerTurn[];
  /** Turns before it have ended long before anything that is asked now. */
  #first = 0;
  readonly #latestEndMs: number[];

  constructor(turns: readonly SpeakerTurn[]) {
    this.#turns = turns.toSorted((a, b) => a.startMs - b.startMs);
    let latest = 0;
    this.#latestEndMs = this.#turns.map(({ endMs }) => {
      latest = Math.max(latest, endMs);
      return latest;
    });
  }

  /**
   * Who says a word: whoever speaks at its middle; of several, the one who said the word before, else the one who has spoken
   * longest of it. Where nobody speaks, the nearest turn's.
   *
   * @param before who said the word before
   * @returns undefined: nobody is heard within half a second
   */
  speakerOf(word: Span, before: number | undefined): number | undefined {
    const middleMs = (word.startMs + word.endMs) / 2;
    const near = this.#near(middleMs);
    const speaking = near.filter(({ startMs, endMs }) => startMs <= middleMs && middleMs < endMs);
    const among = speaking.length > 0 ? speaking : nearest(near, middleMs);
    if (among.some(({ speaker }) => speaker === before)) return before;
    return among.toSorted((a, b) => overlapMs(b, word) - overlapMs(a, word))[0]?.speaker;
  }

  #near(atMs: number): SpeakerTurn[] {
    // A step back in time is rare: words of neighbouring segments may touch.
    while (this.#first > 0 && (this.#latestEndMs[this.#first - 1] ?? 0) >= atMs - NEAR_MS) this.#first -= 1;
    while (this.#first < this.#turns.length && (this.#latestEndMs[this.#first] ?? 0) < atMs - NEAR_MS) this.#first += 1;
    const near: SpeakerTurn[] = [];
    for (let at = this.#first; at < this.#turns.length; at += 1) {
      const turn = this.#turns[at];
      if (turn === undefined || turn.startMs > atMs + NEAR_MS) break;
      if (turn.endMs >= atMs - NEAR_MS) near.push(turn);
    }
    return near;
  }
}

function nearest(turns: readonly SpeakerTurn[], atMs: number): SpeakerTurn[] {
  const distance = ({ startMs, endMs }: SpeakerTurn) => Math.max(startMs - atMs, atMs - endMs, 0);
  const [first] = turns.toSorted((a, b) => distance(a) - distance(b));
  return first === undefined ? [] : [first];
}

const overlapMs = (a: Span, b: Span): number => Math.min(a.endMs, b.endMs) - Math.max(a.startMs, b.startMs);
