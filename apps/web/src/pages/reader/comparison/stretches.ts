export interface ComparedWord {
  /** With the blank before it. */
  text: string;
  startMs: number;
  endMs: number;
  startsLine: boolean;
}

type Words = readonly ComparedWord[];

/** Long enough for words whose times are a little off, short enough for a diff to be quick. */
const LEAST_MS = 20_000;
const MOST_MS = 60_000;

/** Two lists of words in parts that belong to the same time, divided where both are silent, as far as that can be had. */
export function* stretchesOf(first: Words, second: Words): Generator<readonly [Words, Words]> {
  let [at, other] = [0, 0];
  while (at < first.length || other < second.length) {
    const startMs = Math.min(first[at]?.startMs ?? Infinity, second[other]?.startMs ?? Infinity);
    const cutMs = quietest(first, at, second, other, startMs);
    const end = endOf(first, at, cutMs);
    const otherEnd = endOf(second, other, cutMs);
    const isStuck = end === at && otherEnd === other;
    yield [first.slice(at, isStuck ? undefined : end), second.slice(other, isStuck ? undefined : otherEnd)];
    [at, other] = isStuck ? [first.length, second.length] : [end, otherEnd];
  }
}

const middleOf = ({ startMs, endMs }: ComparedWord): number => (startMs + endMs) / 2;

function endOf(words: Words, from: number, cutMs: number): number {
  let end = from;
  for (let word = words[end]; word !== undefined && middleOf(word) < cutMs; word = words[end]) end += 1;
  return end;
}

/** Of the pauses of the first one, that in whose middle both are silent for longest. */
function quietest(first: Words, at: number, second: Words, other: number, startMs: number): number {
  const [leads, at0, follows, other0] = first.length - at > 0 ? [first, at, second, other] : [second, other, first, at];
  let best = { cutMs: startMs + MOST_MS, silenceMs: -Infinity };
  let index = other0;
  for (let word = at0; word < leads.length; word += 1) {
    const cutMs = ((leads[word]?.endMs ?? 0) + (leads[word + 1]?.startMs ?? Infinity)) / 2;
    if (cutMs > startMs + MOST_MS) break;
    if (cutMs < startMs + LEAST_MS) continue;
    while (index < follows.length && (follows[index]?.endMs ?? 0) <= cutMs) index += 1;
    const ours = cutMs - (leads[word]?.endMs ?? 0);
    const theirs = Math.min(
      (follows[index]?.startMs ?? Infinity) - cutMs,
      cutMs - (follows[index - 1]?.endMs ?? -Infinity),
    );
    const silenceMs = Math.min(ours, theirs);
    if (silenceMs > best.silenceMs) best = { cutMs, silenceMs };
  }
  return best.cutMs;
}
