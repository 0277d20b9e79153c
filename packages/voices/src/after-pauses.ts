/** When a word is heard. */
export interface TimedWord {
  startMs: number;
  endMs: number;
}

const FRAME_MS = 10;
/** A pause is this much quieter than the loud tenth of what is spoken. */
const QUIET_SHARE = 0.04;
/** The closure of a plosive is shorter. */
const SHORTEST_PAUSE_MS = 60;
/** A word that is told to begin so long before a pause, or so soon after its beginning, begins after it. */
const AHEAD_MS = 250;
const BEHIND_MS = 30;

/**
 * Words whose beginnings a model has found by its attention, which turns to the next word when the last one is over, and so
 * during a pause, not after it. In synthetic speech pauses are silent: a word that follows one begins where its sound
 * does, and the word before it ends where the pause begins. All others stay as they are, and so does their order.
 */
export function afterPauses<Word extends TimedWord>(
  words: readonly Word[],
  samples: Int16Array,
  sampleRateHz: number,
): Word[] {
  const pauses = pausesIn(samples, sampleRateHz);
  const moved = words.map((word) => ({ ...word }));
  for (const [index, word] of moved.entries()) {
    const pause = pauses.findLast(
      ({ startMs, endMs }) =>
        startMs <= Math.min(word.startMs + AHEAD_MS, word.endMs) &&
        endMs > word.startMs - BEHIND_MS &&
        endMs < word.endMs,
    );
    if (pause === undefined) continue;
    const before = moved[index - 1];
    word.startMs = Math.max(pause.endMs, before?.startMs ?? 0);
    if (before !== undefined) before.endMs = Math.max(before.startMs, Math.min(before.endMs, pause.startMs));
  }
  return moved;
}

/** Stretches of silence, in order. */
function pausesIn(samples: Int16Array, sampleRateHz: number): TimedWord[] {
  const levels = levelsOf(samples, Math.round((sampleRateHz * FRAME_MS) / 1000));
  const loud = levels.toSorted()[Math.floor(levels.length * 0.9)] ?? 0;
  const pauses: TimedWord[] = [];
  for (let at = 0; at < levels.length; at += 1) {
    const from = at;
    while (at < levels.length && (levels[at] ?? 0) < loud * QUIET_SHARE) at += 1;
    const pause = { startMs: from * FRAME_MS, endMs: at * FRAME_MS };
    if (pause.endMs - pause.startMs >= SHORTEST_PAUSE_MS) pauses.push(pause);
  }
  return pauses;
}

/** The effective level of each frame. */
function levelsOf(samples: Int16Array, frameSamples: number): Float64Array {
  const levels = new Float64Array(Math.ceil(samples.length / frameSamples));
  for (let frame = 0; frame < levels.length; frame += 1) {
    const part = samples.subarray(frame * frameSamples, (frame + 1) * frameSamples);
    let sum = 0;
    for (const sample of part) sum += sample * sample;
    levels[frame] = Math.sqrt(sum / part.length);
  }
  return levels;
}
