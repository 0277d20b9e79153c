import type { Registry } from 'prom-client';
import { countAudio } from './audio-metrics.ts';
import { addEngineGauges, type EngineReading } from './engine-gauges.ts';
import { addGpuGauges } from './gpu-gauges.ts';
import { countJobs } from './job-metrics.ts';
import { countLive } from './live-metrics.ts';
import { countSpeech } from './speech-metrics.ts';
import { countUpkeep } from './upkeep-metrics.ts';
import type { OnWorkerEvent } from './worker-event.ts';

/**
 * Counts what happens in this worker; events become metrics only here. Labels have few values: kinds of job, error codes,
 * containers, languages and installed models; never ids, names of files or texts.
 */
export function countEvents(registry: Registry, engines: () => EngineReading[]): OnWorkerEvent {
  addEngineGauges(registry, engines);
  addGpuGauges(registry);
  const counts = [countJobs, countAudio, countSpeech, countLive, countUpkeep];
  const observers = counts.map((count) => count(registry));
  return (event) => {
    for (const observe of observers) observe(event);
  };
}
