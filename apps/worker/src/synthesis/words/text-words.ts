import {
  type RunOf,
  type SpeechResult,
  type SpokenWord,
  type Warning,
  WORD_TIMES_EXTRA,
  WORDS_ESTIMATED,
} from '@sotto/contracts';
import {
  type ChildJob,
  type Extras,
  type JobContext,
  MAX_WORD_PIECES,
  type SpeechPlan,
  type SpokenWords,
} from '@sotto/queue';
import { type ModelDirectory, WORKERS_CHOICE } from '../../models/model-directory.ts';
import type { WordTimes } from './word-times.ts';
import { estimatedWords } from './written-words.ts';

export interface TextWordsDeps {
  spokenWords: Pick<SpokenWords, 'all'>;
  wordTimes: Pick<WordTimes, 'settled'>;
  models: Pick<ModelDirectory, 'find'>;
  extras: Pick<Extras, 'complete' | 'fail'>;
}

/** When the words of a text are heard, by piece, each from the beginning of its piece. */
export interface TextWords {
  byPiece: ReadonlyMap<number, readonly SpokenWord[]>;
  warnings: Warning[];
}

/**
 * What has been found while the text was spoken, and what workers that transcribe find now. What nobody finds is left out,
 * with a warning: the sound does not depend on it.
 */
export async function wordsOfText(
  { id }: RunOf<'speech'>,
  { pieces }: Pick<SpeechPlan, 'pieces'>,
  { spokenWords, wordTimes, models, extras }: TextWordsDeps,
  context: Pick<JobContext, 'children'>,
): Promise<TextWords> {
  await wordTimes.settled(id);
  let byPiece = await spokenWords.all(id);
  if (byPiece.size < pieces.length && (await models.find(null)).name !== WORKERS_CHOICE) {
    await context.children('words', jobsFor(id, pieces.length));
    byPiece = await spokenWords.all(id);
  }
  const missing = pieces.length - byPiece.size;
  if (missing === 0) {
    await extras.complete(id, WORD_TIMES_EXTRA, WORDS_ESTIMATED, null);
    return { byPiece, warnings: [] };
  }
  const detail = `The words of ${missing} of ${pieces.length} pieces could not be found in the sound: their times are estimates.`;
  const warning = { code: WORDS_ESTIMATED, detail };
  await extras.fail(id, WORD_TIMES_EXTRA, warning);
  return { byPiece, warnings: [warning] };
}

/** Of all pieces, whatever has been found: a step has the same jobs every time, and what is known is not looked for again. */
function jobsFor(runId: string, count: number): ChildJob<'word-times'>[] {
  const indices = Array.from({ length: count }, (_, index) => index);
  const jobs: ChildJob<'word-times'>[] = [];
  for (let from = 0; from < count; from += MAX_WORD_PIECES) {
    jobs.push({ kind: WORD_TIMES_EXTRA, payload: { runId, pieces: indices.slice(from, from + MAX_WORD_PIECES) } });
  }
  return jobs;
}

/** @param words null: nobody asked for them */
export function withWords<T extends Pick<SpeechResult, 'pieces'>>(times: T, words: TextWords | null): T {
  if (words === null) return times;
  const pieces = times.pieces.map((piece, index) => {
    const { text, startMs, endMs } = piece;
    const found = words.byPiece.get(index) ?? estimatedWords(text, null, endMs - startMs);
    return { ...piece, words: found.map((word) => moved(word, startMs)) };
  });
  return { ...times, pieces };
}

const moved = ({ word, startMs, endMs }: SpokenWord, byMs: number): SpokenWord => ({
  word,
  startMs: startMs + byMs,
  endMs: endMs + byMs,
});
