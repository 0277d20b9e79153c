export { type WorkerEnv, workerEnvSchema } from './env.ts';
export { findMediaTools } from './media/ffmpeg-binary.ts';
export { planWindows } from './plan/windows.ts';
export { knownPauses, pauseDetector } from './speakers/known-pauses.ts';
export { EnergyProfile } from './speech/energy-profile.ts';
export { speechRuns } from './speech/runs.ts';
export { loadSilero } from './speech/silero.ts';
export { scriptOf } from './synthesis/text/script-of.ts';
export { phrasesOf } from './window/phrases.ts';
