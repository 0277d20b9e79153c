import { concat, SAMPLE_RATE } from '@sotto/testkit';
import { EnergyProfile, loadSilero, planWindows, speechRuns } from '@sotto/worker';

const SAMPLES_PER_MS = SAMPLE_RATE / 1_000;

/** The windows of a recording, as the worker cuts them (apps/worker, handlers/prepare.ts). */
export function cut(samples: Int16Array): Int16Array[] {
  const detector = loadSilero().newDetector();
  const profile = new EnergyProfile();
  detector.accept(samples);
  profile.accept(samples);
  const runs = speechRuns(detector.finish(), Math.floor(samples.length / SAMPLES_PER_MS));
  return planWindows(runs, (fromMs, toMs) => profile.quietestMs(fromMs, toMs)).map(({ spans }) => {
    const parts = spans.map(({ startMs, endMs }) => samples.subarray(startMs * SAMPLES_PER_MS, endMs * SAMPLES_PER_MS));
    return concat(...parts);
  });
}
