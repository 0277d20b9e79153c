import { setImmediate } from 'node:timers/promises';
import { type RunKind, type RunOf, SottoError, type Warning } from '@sotto/contracts';
import type { Plan, Runs, Windows } from '@sotto/queue';
import type { BlobStore, BlobWriter } from '@sotto/storage';
import { spansMs } from '@sotto/transcript';
import type { OnWorkerEvent } from '../events/worker-event.ts';
import { decode } from '../media/decode.ts';
import type { DecodeLimits } from '../media/decode-limits.ts';
import type { MediaTools } from '../media/ffmpeg-binary.ts';
import { pcmBytes, SAMPLE_RATE, SAMPLES_PER_MS } from '../media/pcm.ts';
import type { ModelDirectory } from '../models/model-directory.ts';
import type { RightOfWay } from '../models/right-of-way.ts';
import { planWindows } from '../plan/windows.ts';
import type { SpeechDetection } from '../speech/detector.ts';
import { EnergyProfile } from '../speech/energy-profile.ts';
import { speechRuns } from '../speech/runs.ts';
import { audioName } from './audio.ts';

export interface PrepareDeps {
  blobs: BlobStore;
  mediaTools: MediaTools;
  decodeLimits: DecodeLimits;
  speechDetection: SpeechDetection;
  rightOfWay: RightOfWay;
  onEvent: OnWorkerEvent;
  /** It is prepared in passing, and goes first; more sound than this: NotSmall. */
  longestMs?: number;
}

/** Not an error: the recording is to be prepared where nobody waits for it. */
export class NotSmall extends Error {
  override readonly name = 'NotSmall';
}

/** A run that begins with a recording. */
export type RecordingRun = RunOf<'transcription' | 'language'>;

export interface PlanDeps extends PrepareDeps {
  runs: Runs;
  windows: Windows;
  models: ModelDirectory;
}

/** How much of a recording is looked at when only its language is wanted: titles and music come first in films. */
const LANGUAGE_SAMPLES = 10 * 60 * SAMPLE_RATE;

/** Windows that are asked for the language of a recording. */
export const DETECTION_WINDOWS = 3;

/** Samples between two turns of the event loop: finding speech in them takes a quarter of a millisecond. */
const SLICE_SAMPLES = SAMPLE_RATE / 2;

/** The first plan stored is the one that holds, whoever else prepares the same run. */
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
 * Decodes a recording into storage and cuts it into windows, in one pass: detector and loudness profile listen to the
 * samples on their way. Harmless to repeat: the audio's key is the run's.
 * @throws what decode throws; the signal's reason; NotSmall
 */
export async function prepare(run: RecordingRun, deps: PrepareDeps, signal: AbortSignal): Promise<Plan> {
  const startedMs = performance.now();
  const warnings: Warning[] = [];
  const { vad, hallucinationFilter, languageOnly } = wishesOf(run);
  // Windows that are cut without it still want to know whether their text lies where somebody speaks.
  const detector = vad || hallucinationFilter !== 'off' ? deps.speechDetection.newDetector() : null;
  const profile = new EnergyProfile();
  const writer = await deps.blobs.createWriter('audio', audioName(run.id));
  const longestSamples = (deps.longestMs ?? Number.POSITIVE_INFINITY) * SAMPLES_PER_MS;
  const inBackground = deps.longestMs === undefined;
  const giveWay = deps.rightOfWay.yielding();
  let samples = 0;
  try {
    const { blobs, mediaTools: tools, decodeLimits: limits } = deps;
    const warn = (warning: Warning) => warnings.push(warning);
    for await (const pcm of slices(decode(run.upload, { blobs, tools, limits, warn, inBackground, signal }))) {
      signal.throwIfAborted();
      if (inBackground) await giveWay(signal);
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
  const audioMs = Math.floor(samples / SAMPLES_PER_MS);
  const whole = [{ startMs: 0, endMs: audioMs, pauseBeforeMs: 0 }];
  const speech = detector?.finish();
  const runs = vad && speech !== undefined ? speechRuns(speech, audioMs) : whole;
  const all = planWindows(runs, (fromMs, toMs) => profile.quietestMs(fromMs, toMs));
  const windows = languageOnly ? all.slice(0, run.kind === 'language' ? DETECTION_WINDOWS : 1) : all;
  const speechMs = spansMs(runs);
  const audioKey = await keep(writer);
  const tookMs = performance.now() - startedMs;
  const { container } = run.upload;
  deps.onEvent({ type: 'prepared', container, audioMs, speechMs, windows: windows.length, tookMs });
  return { audioKey, durationMs: audioMs, speechMs, windows, warnings, ...(speech !== undefined && { speech }) };
}

/** `languageOnly`: a build before run kinds asked for it so. */
function wishesOf({ kind, options }: RecordingRun) {
  if (kind === 'language') return { vad: options.vad, hallucinationFilter: 'off', languageOnly: true };
  return { ...options, languageOnly: options.languageOnly === true };
}

async function keep(writer: BlobWriter): Promise<string> {
  return (await writer.commit()).key;
}

/** Other jobs of this process, and the renewal of their locks, get their turn between slices. */
async function* slices(decoded: AsyncIterable<Int16Array>): AsyncGenerator<Int16Array> {
  for await (const pcm of decoded) {
    for (let at = 0; at < pcm.length; at += SLICE_SAMPLES) {
      yield pcm.subarray(at, at + SLICE_SAMPLES);
      await setImmediate();
    }
  }
}
