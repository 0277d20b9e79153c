import { type DiarizationErrors, diarizationErrors, diarize, hearRecording, type Stretch } from '@sotto/speakers';
import type { SpeakerNetworks } from '@sotto/whisper';
import { knownPauses, loadSilero, pauseDetector } from '@sotto/worker';
import type { Spoken } from './material.ts';

export const SAMPLE_RATE = 16_000;
export const THREADS = 2;

export interface Outcome {
  found: DiarizationErrors;
  given: DiarizationErrors;
  seconds: number;
  tookSeconds: number;
}

/** Told apart by Sotto, as the service does it, without and with the number of speakers. */
export async function outcomeOf({ samples, truth }: Spoken, networks: SpeakerNetworks): Promise<Outcome> {
  const seconds = samples.length / SAMPLE_RATE;
  const count = new Set(truth.map(({ speaker }) => speaker)).size;
  const startedMs = performance.now();
  const heard = await hearRecording(networks, samples, { threads: THREADS });
  const speech = speechIn(samples);
  const { turns } = diarize(heard, {}, speech);
  const tookSeconds = (performance.now() - startedMs) / 1000;
  return {
    found: diarizationErrors(truth, turns, seconds),
    given: diarizationErrors(truth, diarize(heard, { count }, speech).turns, seconds),
    seconds,
    tookSeconds,
  };
}

/** As workers find it. */
export function speechIn(samples: Int16Array): Stretch[] | null {
  const silero = loadSilero();
  const detector = pauseDetector(silero);
  for (let at = 0; at < samples.length; at += SAMPLE_RATE) detector.accept(samples.subarray(at, at + SAMPLE_RATE));
  return knownPauses(silero, detector.finish());
}

/** Of several recordings together. */
export function addedErrors(all: readonly DiarizationErrors[]): DiarizationErrors {
  const sum = (key: keyof DiarizationErrors) => all.reduce((total, each) => total + each[key], 0);
  return {
    missed: sum('missed'),
    falseAlarm: sum('falseAlarm'),
    confusion: sum('confusion'),
    total: sum('total'),
    trueSpeakers: sum('trueSpeakers'),
    foundSpeakers: sum('foundSpeakers'),
  };
}
