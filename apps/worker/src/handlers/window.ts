import type { Keyterm, Span, WindowResult } from '@sotto/contracts';
import type { Handlers, JobContext, Runs, WindowPayload, Windows } from '@sotto/queue';
import type { BlobStore } from '@sotto/storage';
import { type DecodedWindow, mapWindow, respell, spansMs } from '@sotto/transcript';
import type { ExpectedPhrase, WindowTranscript } from '@sotto/whisper';
import type { OnWorkerEvent } from '../events/worker-event.ts';
import type { Engine } from '../models/engine.ts';
import type { ModelDirectory } from '../models/model-directory.ts';
import { readSpans } from '../runs/audio.ts';
import { missedSpeech } from '../speech/missed.ts';
import { compressionRatio, decodedWindow } from '../window/decoded-window.ts';
import { goesFirst, modelNameOf } from '../window/engine-call.ts';
import { gapOf, leavesGap, workersDied } from '../window/gap.ts';
import { joinParts } from '../window/join-parts.ts';
import { phrasesOf } from '../window/phrases.ts';
import { withRetranscribed } from '../window/retranscription.ts';
import { mustFit } from '../window/right-worker.ts';
import { atMostEvery } from '../window/throttle.ts';

export interface WindowDeps {
  runs: Pick<Runs, 'run'>;
  windows: Windows;
  blobs: BlobStore;
  engine: Engine;
  models: Pick<ModelDirectory, 'fitsSomewhere'>;
  onEvent: OnWorkerEvent;
}

const PROGRESS_INTERVAL_MS = 500;

/**
 * Transcribes one window and stores its result. A window that has a result is not done again: the queue delivers at
 * least once, and a worker may have died after storing.
 */
export function windowHandler(deps: WindowDeps): Handlers['window'] {
  return async (payload, context) => {
    const { windows, onEvent } = deps;
    const { runId, index, options } = payload;
    if ((await windows.result(runId, index)) !== null) {
      onEvent({ type: 'window_found', model: options.model, index });
      return;
    }
    await mustFit(options.model, deps);
    try {
      if (context.isPoison) throw workersDied();
      await transcribeWindow(payload, context, deps);
    } catch (error) {
      if (!leavesGap(payload, context, error)) throw error;
      await windows.complete(runId, gapOf(payload));
      onEvent({ type: 'window_gap', model: options.model, runId, index, error });
    }
  };
}

async function transcribeWindow(payload: WindowPayload, context: JobContext, deps: WindowDeps): Promise<void> {
  const { runId, spans, options, parts } = payload;
  const startedMs = performance.now();
  const keyterms = await keytermsOf(payload, deps);
  const results: WindowResult[] = [];
  for (const { spans: of, language } of parts ?? [{ spans, language: options.language }]) {
    const part = { ...payload, spans: of, options: { ...options, language } };
    results.push(await transcribePart(part, keyterms, context, deps));
  }
  const result = joinParts(results);
  await deps.windows.complete(runId, result);
  deps.onEvent({
    type: 'window',
    model: options.model,
    language: result.language,
    audioMs: spansMs(spans),
    words: result.segments.reduce((sum, { words }) => sum + words.length, 0),
    engineMs: result.engineMs,
    tookMs: performance.now() - startedMs,
  });
}

async function transcribePart(
  payload: WindowPayload,
  keyterms: readonly Keyterm[],
  context: JobContext,
  deps: WindowDeps,
): Promise<WindowResult> {
  const { index, spans, speech, hallucinationFilter } = payload;
  const pcm = await readSpans(deps.blobs, payload);
  const phrases = phrasesOf(keyterms);
  const first = decodedWindow(await transcribe(pcm, payload, phrases, context, deps));
  const decoded = await retranscribeMissed(first, payload, phrases, context, deps);
  const mapped = mapWindow({ index, spans }, decoded, {
    compressionRatio,
    speech: speech ?? null,
    filter: hallucinationFilter ?? 'off',
  });
  return { ...mapped, segments: respell(mapped.segments, keyterms) };
}

/** A run that has ended meanwhile has none: nobody waits for this window's result either. */
async function keytermsOf({ runId, hasKeyterms }: WindowPayload, { runs }: WindowDeps): Promise<readonly Keyterm[]> {
  if (hasKeyterms !== true) return [];
  const run = await runs.run(runId);
  return run?.kind === 'transcription' ? (run.options.keyterms ?? []) : [];
}

/** Speech that the model skipped is transcribed alone; the text is used only if none of it is suspect. */
async function retranscribeMissed(
  first: DecodedWindow,
  payload: WindowPayload,
  phrases: readonly ExpectedPhrase[],
  context: JobContext,
  deps: WindowDeps,
): Promise<DecodedWindow> {
  const { spans, speech = [] } = payload;
  const mapped = (decoded: DecodedWindow, of: Span[]) =>
    mapWindow({ index: 0, spans: of }, decoded, { compressionRatio, speech, filter: 'flag' }).segments;
  const words = mapped(first, spans).flatMap((segment) => segment.words);
  // A window without any text would give the same again.
  if (words.length === 0) return first;
  let whole = first;
  for (const part of missedSpeech(spans, speech, words)) {
    const decoded = decodedWindow(
      await transcribe(await readSpans(deps.blobs, { ...payload, spans: part }), payload, phrases, context, deps),
    );
    const isSure = mapped(decoded, part).every(({ flags }) => flags.length === 0);
    deps.onEvent({
      type: 'retranscribed',
      model: payload.options.model,
      index: payload.index,
      audioMs: spansMs(part),
      isSure,
    });
    if (isSure) whole = withRetranscribed(spans, whole, { spans: part, decoded });
  }
  return whole;
}

function transcribe(
  pcm: Int16Array,
  { runId, index, options }: WindowPayload,
  phrases: readonly ExpectedPhrase[],
  { signal, lane }: JobContext,
  { engine, windows }: WindowDeps,
): Promise<WindowTranscript> {
  const { model, ...windowOptions } = options;
  const onProgress = atMostEvery(PROGRESS_INTERVAL_MS, (fraction: number) => {
    // Progress is only shown: a lost one is followed by the next, or by the result.
    windows.progress(runId, index, fraction).catch(() => {});
  });
  return engine.transcribe(
    modelNameOf(model),
    pcm,
    { ...windowOptions, phrases },
    { signal, urgent: goesFirst(lane), onProgress },
  );
}
