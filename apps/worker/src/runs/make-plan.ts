import { type RunOf, SottoError } from '@sotto/contracts';
import type { Plan, Runs, Windows } from '@sotto/queue';
import { inSpan } from '@sotto/runtime';
import type { ModelDirectory } from '../models/model-directory.ts';
import type { Cleaner } from './cleaner.ts';
import { decodeToStorage, type PrepareDeps, type PrepareWishes } from './decode-to-storage.ts';
import { planRecording } from './plan-recording.ts';

/** A run that begins with a recording. */
export type RecordingRun = RunOf<'transcription' | 'language'>;

export interface PlanDeps extends PrepareDeps {
  runs: Runs;
  windows: Windows;
  models: ModelDirectory;
  cleaner: Pick<Cleaner, 'ended'>;
}

/** Windows whose language is detected. */
export const DETECTION_WINDOWS = 3;

/** Prepares a run and stores its plan. The first plan stored counts, whoever else prepares the same run. */
export async function makePlan(
  name: Pick<RecordingRun, 'id' | 'kind'>,
  deps: PlanDeps,
  signal: AbortSignal,
): Promise<Plan> {
  const run = await deps.runs.start(name);
  if (run === null) throw new SottoError('job_cancelled', 'The job ended before it was prepared.');
  const model = await deps.models.find(run.options.model);
  return deps.windows.planned(run, { ...(await prepare(run, deps, signal)), model: model.name });
}

/**
 * Decodes a recording into storage and divides it into windows, in one pass: the detectors and the loudness profiles take
 * the samples on their way. Safe to repeat: the audio has the name of its run.
 *
 * @throws what decode throws; the signal's reason; NotSmall
 */
export async function prepare(run: RecordingRun, deps: PrepareDeps, signal: AbortSignal): Promise<Plan> {
  const startedMs = performance.now();
  const wishes = wishesOf(run);
  const decoded = await inSpan(
    'decode',
    { attributes: { 'sotto.container': run.upload.container, 'sotto.bytes': run.upload.bytes } },
    () => decodeToStorage(run, wishes, deps, signal),
  );
  const { audioKey, audioMs } = decoded;
  const { windows: all, speechMs, speech, warnings, channels } = planRecording(decoded, wishes);
  const windows = wishes.languageOnly ? all.slice(0, run.kind === 'language' ? DETECTION_WINDOWS : 1) : all;
  deps.onEvent({
    type: 'prepared',
    container: run.upload.container,
    audioMs,
    speechMs,
    windows: windows.length,
    tookMs: performance.now() - startedMs,
  });
  return {
    audioKey,
    durationMs: audioMs,
    speechMs,
    windows,
    speech,
    channels,
    warnings: [...decoded.warnings, ...warnings],
  };
}

/** `languageOnly`: also of transcriptions, with which builds before kinds of runs detected languages. */
function wishesOf({ kind, options }: RecordingRun): PrepareWishes {
  if (kind === 'language') {
    return { vad: options.vad, listens: options.vad, isSplit: false, enhance: undefined, languageOnly: true };
  }
  const { vad, hallucinationFilter, enhance, languageOnly = false } = options;
  const isSplit = options.channels === 'split';
  // The filter needs to know where speech is, even if windows do not depend on it, and so do speakers.
  return { vad, listens: vad || isSplit || hallucinationFilter !== 'off', isSplit, enhance, languageOnly };
}
