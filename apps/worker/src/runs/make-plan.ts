import { setImmediate } from 'node:timers/promises';
import { type RunKind, type RunOf, SottoError, type Span, type Warning } from '@sotto/contracts';
import type { Plan, Runs, Windows } from '@sotto/queue';
import { inSpan } from '@sotto/runtime';
import type { BlobStore } from '@sotto/storage';
import { spansMs } from '@sotto/transcript';
import type { OnWorkerEvent } from '../events/worker-event.ts';
import { decode } from '../media/decode.ts';
import type { DecodeLimits, Warn } from '../media/decode-limits.ts';
import type { MediaTools } from '../media/ffmpeg-binary.ts';
import { pcmBytes, SAMPLE_RATE, SAMPLES_PER_MS } from '../media/pcm.ts';
import type { ModelDirectory } from '../models/model-directory.ts';
import type { RightOfWay } from '../models/right-of-way.ts';
import { planWindows } from '../plan/windows.ts';
import type { SpeechDetection } from '../speech/detector.ts';
import { EnergyProfile } from '../speech/energy-profile.ts';
import { speechRuns } from '../speech/runs.ts';
import type { Cleaner } from './cleaner.ts';

export interface PrepareDeps {
  blobs: BlobStore;
  mediaTools: MediaTools;
  decodeLimits: DecodeLimits;
  speechDetection: SpeechDetection;
  rightOfWay: RightOfWay;
  onEvent: OnWorkerEvent;
  /** Given for what is expected to be small, which goes first: longer audio than this is NotSmall. */
  longestMs?: number;
}

/** Not a failure: the recording is longer than it seemed, and has to be prepared by a job of its own. */
export class NotSmall extends Error {
  override readonly name = 'NotSmall';
}

/** A run that begins with a recording. */
export type RecordingRun = RunOf<'transcription' | 'language'>;

export interface PlanDeps extends PrepareDeps {
  runs: Runs;
  windows: Windows;
  models: ModelDirectory;
  cleaner: Pick<Cleaner, 'ended'>;
}

/** How much of a recording is decoded to detect its language; films begin with titles and music. */
const LANGUAGE_SAMPLES = 10 * 60 * SAMPLE_RATE;

/** Windows whose language is detected. */
export const DETECTION_WINDOWS = 3;

/** Samples between two turns of the event loop; detecting speech in them takes a quarter of a millisecond. */
const SLICE_SAMPLES = SAMPLE_RATE / 2;

/** Prepares a run and stores its plan. The first plan stored counts, whoever else prepares the same run. */
export async function makePlan(
  name: { id: string; kind: RunKind },
  deps: PlanDeps,
  signal: AbortSignal,
): Promise<Plan> {
  const run = await deps.runs.start(name);
  if (run === null) throw new SottoError('job_cancelled', 'The job ended before it was prepared.');
  const model = await deps.models.find(run.options.model);
  return deps.windows.planned(run, { ...(await prepare(run, deps, signal)), model: model.name });
}

/**
 * Decodes a recording into storage and divides it into windows, in one pass: the detector and the loudness profile take
 * the samples on their way. Safe to repeat: the audio has the name of its run.
 *
 * @throws what decode throws; the signal's reason; NotSmall
 */
export async function prepare(run: RecordingRun, deps: PrepareDeps, signal: AbortSignal): Promise<Plan> {
  const startedMs = performance.now();
  const { audioKey, audioMs, speech, profile, warnings } = await inSpan(
    'decode',
    { attributes: { 'sotto.container': run.upload.container, 'sotto.bytes': run.upload.bytes } },
    () => decodeToStorage(run, deps, signal),
  );
  const { vad, languageOnly } = wishesOf(run);
  const whole = [{ startMs: 0, endMs: audioMs, pauseBeforeMs: 0 }];
  const runs = vad && speech !== undefined ? speechRuns(speech, audioMs) : whole;
  const all = planWindows(runs, (fromMs, toMs) => profile.quietestMs(fromMs, toMs));
  const windows = languageOnly ? all.slice(0, run.kind === 'language' ? DETECTION_WINDOWS : 1) : all;
  const speechMs = spansMs(runs);
  deps.onEvent({
    type: 'prepared',
    container: run.upload.container,
    audioMs,
    speechMs,
    windows: windows.length,
    tookMs: performance.now() - startedMs,
  });
  return { audioKey, durationMs: audioMs, speechMs, windows, speech, warnings };
}

/** A recording that has been decoded into storage. */
interface DecodedRecording {
  audioKey: string;
  audioMs: number;
  /** Detected speech; undefined: detection was off. */
  speech: Span[] | undefined;
  profile: EnergyProfile;
  warnings: Warning[];
}

async function decodeToStorage(run: RecordingRun, deps: PrepareDeps, signal: AbortSignal): Promise<DecodedRecording> {
  const { vad, hallucinationFilter, languageOnly } = wishesOf(run);
  // The filter needs to know where speech is, even if windows do not depend on it.
  const detector = vad || hallucinationFilter !== 'off' ? deps.speechDetection.newDetector() : null;
  const profile = new EnergyProfile();
  const warnings: Warning[] = [];
  const longestSamples = (deps.longestMs ?? Number.POSITIVE_INFINITY) * SAMPLES_PER_MS;
  const writer = await deps.blobs.createWriter('audio', run.id);
  let samples = 0;
  try {
    for await (const pcm of decodedSlices(run, deps, (warning) => warnings.push(warning), signal)) {
      await writer.write(pcmBytes(pcm));
      detector?.accept(pcm);
      profile.accept(pcm);
      samples += pcm.length;
      if (samples > longestSamples) throw new NotSmall();
      if (languageOnly && samples >= LANGUAGE_SAMPLES) break;
    }
  } catch (error) {
    await writer.abort();
    throw error;
  }
  const speech = detector?.finish();
  const { key: audioKey } = await writer.commit();
  return { audioKey, audioMs: Math.floor(samples / SAMPLES_PER_MS), speech, profile, warnings };
}

/**
 * The samples of a recording, in slices between which other jobs of this process, and the renewal of their locks, get
 * their turn. What nobody waits for also gives way to work that goes first.
 */
async function* decodedSlices(
  { upload, ...run }: RecordingRun,
  { blobs, mediaTools: tools, decodeLimits: limits, rightOfWay, longestMs }: PrepareDeps,
  warn: Warn,
  signal: AbortSignal,
): AsyncGenerator<Int16Array> {
  const inBackground = longestMs === undefined;
  const giveWay = rightOfWay.yielding();
  const enhance = run.kind === 'transcription' ? run.options.enhance : undefined;
  for await (const pcm of decode(upload, { blobs, tools, limits, warn, enhance, inBackground, signal })) {
    for (let at = 0; at < pcm.length; at += SLICE_SAMPLES) {
      signal.throwIfAborted();
      if (inBackground) await giveWay(signal);
      yield pcm.subarray(at, at + SLICE_SAMPLES);
      await setImmediate();
    }
  }
}

/** `languageOnly`: also of transcriptions, with which builds before kinds of runs detected languages. */
function wishesOf({ kind, options }: RecordingRun) {
  if (kind === 'language') return { vad: options.vad, hallucinationFilter: 'off', languageOnly: true };
  return { ...options, languageOnly: options.languageOnly === true };
}
