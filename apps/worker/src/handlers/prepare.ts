import { setImmediate } from 'node:timers/promises';
import type { Run, Warning } from '@sotto/contracts';
import type { Plan } from '@sotto/queue';
import type { BlobStore, BlobWriter } from '@sotto/storage';
import type { OnWorkerEvent } from '../events.ts';
import { type DecodeLimits, decode } from '../media/decode.ts';
import type { MediaTools } from '../media/ffmpeg-binary.ts';
import { pcmBytes, SAMPLE_RATE, SAMPLES_PER_MS } from '../media/pcm.ts';
import { planWindows, spansMs } from '../plan/windows.ts';
import type { SpeechDetection } from '../speech/detector.ts';
import { EnergyProfile } from '../speech/energy-profile.ts';
import { speechRuns } from '../speech/runs.ts';
import { audioName } from './audio.ts';

export interface PrepareDeps {
  blobs: BlobStore;
  mediaTools: MediaTools;
  decodeLimits: DecodeLimits;
  speechDetection: SpeechDetection;
  onEvent: OnWorkerEvent;
}

/** How much of a recording is looked at when only its language is wanted: titles and music come first in films. */
const LANGUAGE_SAMPLES = 10 * 60 * SAMPLE_RATE;

/** Samples between two turns of the event loop: finding speech in them takes some 2 ms. */
const SLICE_SAMPLES = SAMPLE_RATE / 2;

/**
 * Decodes a recording into storage and cuts it into windows, in one pass: detector and loudness profile listen to the
 * samples on their way. Harmless to repeat: the audio's key is the run's.
 * @throws what decode throws; the signal's reason
 */
export async function prepare(run: Run, deps: PrepareDeps, signal: AbortSignal): Promise<Plan> {
  const startedMs = performance.now();
  const warnings: Warning[] = [];
  const detector = run.options.vad ? deps.speechDetection.newDetector() : null;
  const profile = new EnergyProfile();
  const writer = await deps.blobs.createWriter('audio', audioName(run.id));
  let samples = 0;
  try {
    const { blobs, mediaTools: tools, decodeLimits: limits } = deps;
    const warn = (warning: Warning) => warnings.push(warning);
    for await (const pcm of slices(decode(run.upload, { blobs, tools, limits, warn, signal }))) {
      signal.throwIfAborted();
      await writer.write(pcmBytes(pcm));
      detector?.accept(pcm);
      profile.accept(pcm);
      samples += pcm.length;
      if (run.options.languageOnly && samples >= LANGUAGE_SAMPLES) break;
    }
  } catch (error) {
    await writer.abort();
    throw error;
  }
  const audioMs = Math.floor(samples / SAMPLES_PER_MS);
  const whole = [{ startMs: 0, endMs: audioMs }];
  const runs = detector === null ? whole : speechRuns(detector.finish(), audioMs);
  const all = planWindows(runs, (fromMs, toMs) => profile.quietestMs(fromMs, toMs));
  const windows = run.options.languageOnly ? all.slice(0, 1) : all;
  const speechMs = spansMs(runs);
  const audioKey = await keep(writer);
  const tookMs = performance.now() - startedMs;
  const { container } = run.upload;
  deps.onEvent({ type: 'prepared', container, audioMs, speechMs, windows: windows.length, tookMs });
  return { audioKey, durationMs: audioMs, speechMs, windows, warnings };
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
