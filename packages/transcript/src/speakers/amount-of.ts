import type { Speaker, SpeakerTurn, Word } from '@sotto/contracts';

/** How much a speaker says. */
export function amountOf(
  speaker: number,
  turns: readonly SpeakerTurn[],
  words: readonly Word[],
): Pick<Speaker, 'ms' | 'words'> {
  const own = turns.filter((turn) => turn.speaker === speaker);
  return {
    ms: own.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0),
    words: words.filter((word) => word.speaker === speaker).length,
  };
}
