import type { Handlers, SpokenText, SpokenWords } from '@sotto/queue';
import { type BlobStore, pieceKeyOf } from '@sotto/storage';
import { pcmOf } from '../media/pcm.ts';
import type { WordTimes } from '../synthesis/words/word-times.ts';
import { workersDied } from '../window/gap.ts';

export interface WordTimesJobDeps {
  spokenText: Pick<SpokenText, 'plan' | 'result'>;
  spokenWords: Pick<SpokenWords, 'has'>;
  wordTimes: Pick<WordTimes, 'find'>;
  blobs: Pick<BlobStore, 'read'>;
}

/** Finds when the words of some pieces are heard. What has been found before is not looked for again. */
export function wordTimesHandler(deps: WordTimesJobDeps): Handlers['word-times'] {
  return async ({ runId, pieces }, context) => {
    if (context.isPoison) throw workersDied();
    const plan = await deps.spokenText.plan(runId);
    for (const index of pieces) {
      context.signal.throwIfAborted();
      const piece = plan?.pieces[index];
      if (piece === undefined || (await deps.spokenWords.has(runId, index))) continue;
      const sound = await soundOfPiece(runId, index, deps);
      if (sound !== null) await deps.wordTimes.find({ runId, index, ...piece }, sound, context);
    }
  };
}

/** Without the silence after it. null: it is not spoken, or its checkpoint is lost. */
async function soundOfPiece(runId: string, index: number, { spokenText, blobs }: WordTimesJobDeps) {
  const result = await spokenText.result(runId, index);
  if (result === null) return null;
  const { sampleRateHz, durationMs } = result;
  const samples = pcmOf(await blobs.read(pieceKeyOf(runId, index)));
  return { samples: samples.subarray(0, Math.ceil((durationMs * sampleRateHz) / 1000)), sampleRateHz };
}
