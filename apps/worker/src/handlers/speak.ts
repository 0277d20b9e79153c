import { type RunOf, SottoError, type Warning } from '@sotto/contracts';
import {
  type ChildJob,
  type Handlers,
  type JobContext,
  type PiecePayload,
  Postponed,
  type Runs,
  type SpeechPlan,
} from '@sotto/queue';
import { inSpan } from '@sotto/runtime';
import type { Cleaner } from '../runs/cleaner.ts';
import { timesOfRun } from '../runs/run-times.ts';
import { untilStored } from '../runs/stored.ts';
import { DubbedVideo, type DubbedVideoDeps } from '../synthesis/dub/dubbed-video.ts';
import { joinPieces, type Layout, layOut, timesOf } from '../synthesis/join.ts';
import { planText } from '../synthesis/plan-text.ts';
import { mayReplace, replacedWarnings } from '../synthesis/remote/replaced.ts';
import type { FleetVoices } from '../synthesis/resolve-here.ts';
import { voiceUseOf } from '../synthesis/voice-use.ts';
import { type TextWords, type TextWordsDeps, withWords, wordsOfText } from '../synthesis/words/text-words.ts';
import type { WordTimes } from '../synthesis/words/word-times.ts';
import { type PieceContext, type PieceDeps, speakPiece } from './piece.ts';

export interface SpeakDeps extends PieceDeps, FleetVoices, DubbedVideoDeps, Omit<TextWordsDeps, 'wordTimes'> {
  runs: Runs;
  wordTimes: Pick<WordTimes, 'later' | 'settled'>;
  cleaner: Pick<Cleaner, 'ended' | 'clean'>;
}

/**
 * Drives a run of kind `speech`: reads the text once, has its pieces spoken by whatever workers are free, and joins
 * them. It runs again from the start after its children, and after a crash: what has been done is found, not repeated.
 */
export function speakHandler(deps: SpeakDeps): Handlers['speak'] {
  return async ({ runId }, context) => {
    const run = await deps.runs.start({ id: runId, kind: 'speech' });
    if (run === null) return;
    const plan =
      (await deps.spokenText.plan(runId)) ??
      (await deps.spokenText.planned(run, await planText(run, deps, context.signal)));
    const pieces = payloadsOf(run, plan);
    await firstPiece(pieces, deps, context);
    await otherPieces(pieces, run, deps, context);
    const words = run.options.wordTimes === true ? await wordsOfText(run, plan, deps, context) : null;
    await inSpan('join', {}, () => finish(run, plan, words, deps, context.signal));
  };
}

function payloadsOf({ id, options }: RunOf<'speech'>, { pieces, engine }: SpeechPlan): PiecePayload[] {
  const asked = {
    ...(options.wordTimes === true && { wordTimes: options.wordTimes }),
    ...(mayReplace(options, engine) && { mayReplace: true as const }),
  };
  return pieces.map((piece, index) => ({ runId: id, index, ...piece, engine, ...asked }));
}

/**
 * Somebody may be waiting for the first piece, which is short: it is spoken here and now. One that cannot be is left to a
 * job of its own, with the tries and the patience of all others.
 */
async function firstPiece([first]: readonly PiecePayload[], deps: SpeakDeps, context: PieceContext): Promise<void> {
  if (first === undefined || (await deps.spokenText.result(first.runId, first.index)) !== null) return;
  try {
    await speakPiece(first, deps, context);
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof SottoError || error instanceof Postponed)) throw error;
  }
}

/** Pieces that are done but have lost their checkpoint are spoken again, each in a step of its own. */
async function otherPieces(
  pieces: readonly PiecePayload[],
  { id }: Pick<RunOf<'speech'>, 'id'>,
  { spokenText }: SpeakDeps,
  context: JobContext,
): Promise<void> {
  const jobs = pieces.map((payload): ChildJob<'piece'> => ({ kind: 'piece', payload }));
  await context.children('piece', jobs.slice(1));
  const stored = new Set((await spokenText.results(id)).map(({ index }) => index));
  for (const [index, job] of jobs.entries()) {
    if (!stored.has(index)) await untilStored(context, `piece-${index}`, job, () => spokenText.result(id, index));
  }
}

async function finish(
  run: RunOf<'speech'>,
  plan: SpeechPlan,
  words: TextWords | null,
  deps: SpeakDeps,
  signal: AbortSignal,
): Promise<void> {
  await deps.runs.setStage(run, 'assembling');
  const results = await deps.spokenText.results(run.id);
  const layout = layOut(plan, results);
  const dubbed =
    plan.video === undefined
      ? null
      : new DubbedVideo(plan.video, plan, deps, { inBackground: run.lane === 'batch', signal });
  const { audio, videoBytes } = await joinPieces(run, results, layout, deps.blobs, signal, dubbed);
  const mediaType = dubbed?.mediaType ?? null;
  const into = mediaType !== null && { video: { startByte: audio.bytes, bytes: videoBytes, mediaType } };
  const times = withWords(timesOf(plan, results, layout), words);
  const { processingMs, waitedMs } = timesOfRun(run);
  const { characters, voice, language, engine, sampleRateHz } = plan;
  const warnings = [
    ...plan.warnings,
    ...(words?.warnings ?? []),
    ...lateWarnings(layout, results.length),
    ...(dubbed?.warnings ?? []),
    ...replacedWarnings(results),
  ];
  const spokenBy = { engine: engine.name, model: engine.model, voice, language, sampleRateHz };
  const result = { ...spokenBy, ...times, characters, audio, ...into, processingMs, warnings };
  const voices = voiceUseOf(plan, results);
  const isFirst = await deps.runs.complete(run, result, voices);
  await deps.cleaner.ended(run.id);
  if (!isFirst) return;
  const { lane } = run;
  const facts = { pieces: results.length, characters, audioMs: times.durationMs };
  deps.onEvent({ type: 'spoken', voices, model: engine.model, language, lane, ...facts, waitedMs, processingMs });
}

const lateWarnings = ({ late }: Pick<Layout, 'late'>, count: number): Warning[] =>
  late === 0 ? [] : [{ code: 'lines_late', detail: `${late} of ${count} lines took longer than their time.` }];
