import type { SpeechDetection } from './detector.ts';
import { energyDetection } from './energy-detector.ts';
import { loadSilero } from './silero.ts';

/** Silero where it can be loaded, else the energy detector; `onFallback` gets the reason. */
export function loadSpeechDetection(onFallback: (reason: unknown) => void): SpeechDetection {
  try {
    return loadSilero();
  } catch (reason) {
    onFallback(reason);
    return energyDetection;
  }
}
