import { SottoError } from '@sotto/contracts';
import type { Handlers, JobContext, OwnVoices, PiecePayload, Runs, SpokenText } from '@sotto/queue';
import { type BlobStore, pieceKeyOf, pieceNameOf } from '@sotto/storage';
import type { OnWorkerEvent } from '../events/worker-event.ts';
import type { Cleaner } from '../runs/cleaner.ts';
import type { PieceCache } from '../synthesis/kept/piece-cache.ts';
import { mixOf } from '../synthesis/own-voice.ts';
import { spokenAnyway } from '../synthesis/remote/spoken-anyway.ts';
import { soundOf, storeSound } from '../synthesis/sound.ts';
import type { VoiceBox } from '../synthesis/voice-box.ts';
import type { WordTimes } from '../synthesis/words/word-times.ts';

export interface PieceDeps {
  runs: Pick<Runs, 'run'>;
  spokenText: SpokenText;
  ownVoices: Pick<OwnVoices, 'voice' | 'voices'>;
  blobs: BlobStore;
  voiceBox: VoiceBox;
  pieceCache: PieceCache;
  wordTimes: Pick<WordTimes, 'later'>;
  cleaner: Pick<Cleaner, 'clean'>;
  onEvent: OnWorkerEvent;
}

export type PieceContext = Pick<JobContext, 'signal' | 'lane'>;

/** A piece that has a checkpoint is not spoken again: the queue delivers at least once, and a worker may have died after storing. */
export function pieceHandler(deps: PieceDeps): Handlers['piece'] {
  return async (payload, context) => {
    const { runId, index, engine } = payload;
    if ((await deps.spokenText.result(runId, index)) !== null) {
      deps.onEvent({ type: 'piece_found', model: engine.model, index });
      return;
    }
    if (context.isPoison) throw new SottoError('speech_failed', 'The workers that spoke it died.');
    await speakPiece(payload, deps, context);
  };
}

/**
 * Speaks one piece of a text, and stores its sound, then its checkpoint.
 *
 * @throws Postponed where only other workers have the engine; SottoError the engine's and storage's own; the signal's reason
 */
export async function speakPiece(payload: PiecePayload, deps: PieceDeps, context: PieceContext): Promise<void> {
  const { spokenText, blobs, onEvent } = deps;
  const { runId, index, spoken: text, language, pauseMs } = payload;
  const mix = await mixOf(payload, deps);
  const startedMs = performance.now();
  const spoken = await spokenAnyway({ ...payload, mix }, deps, context.signal);
  const { samples, sampleRateHz, engineMs, isKept, isReplaced, spokenBy } = spoken;
  const sound = soundOf(samples, pauseMs, sampleRateHz);
  const bytes = await storeSound(blobs, 'audio', pieceNameOf(runId, index), [sound]);
  const durationMs = Math.round((samples.length / sampleRateHz) * 1000);
  const replaced = isReplaced && { spokenBy: spokenBy.name };
  const result = { index, durationMs, bytes, sampleRateHz, engineMs, ...replaced };
  const isFirst = await spokenText.complete(runId, result, payload);
  if (!isFirst) await removeUnwanted(payload, deps);
  else if (payload.wordTimes === true) deps.wordTimes.later(payload, { samples, sampleRateHz }, context);
  const tookMs = performance.now() - startedMs;
  const characters = [...text].length;
  const { model } = spokenBy;
  const facts = { audioMs: durationMs, engineMs, isKept, isReplaced };
  onEvent({ type: 'piece', model, language, characters, ...facts, tookMs });
}

/** If the run has ended meanwhile, nobody else would remove what was just stored; of one that was deleted, nobody knows its pieces. */
async function removeUnwanted(
  { runId, index }: Pick<PiecePayload, 'runId' | 'index'>,
  { runs, blobs, cleaner }: Pick<PieceDeps, 'runs' | 'blobs' | 'cleaner'>,
): Promise<void> {
  if ((await runs.run(runId)) === null) await blobs.delete(pieceKeyOf(runId, index));
  else cleaner.clean(runId);
}
