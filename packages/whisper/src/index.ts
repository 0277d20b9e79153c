export { type EngineInfo, engineInfo } from './engine-info.ts';
export type { DetectHooks, TranscribeHooks } from './engine-job.ts';
export type { EngineSegment, EngineToken } from './engine-segment.ts';
export {
  type DetectedLanguage,
  MAX_WINDOW_SAMPLES,
  type ModelInfo,
  SAMPLE_RATE,
  WhisperModel,
  type WindowTranscript,
} from './model.ts';
export {
  CATALOG,
  type CatalogEntry,
  COMPUTE_TYPES,
  type ComputeType,
  catalogEntry,
  entryToInstall,
} from './models/catalog.ts';
export { type ChooseOptions, type ChosenModel, chooseModel, chosenOfInstalled } from './models/choose.ts';
export { checkGgmlFile, type GgmlFile } from './models/ggml-file.ts';
export { type ImportedModel, type ImportOptions, importModel } from './models/import/import-model.ts';
export { QUANTISATIONS, type Quantisation } from './models/import/quantise.ts';
export type { SelfTest, TestSpeech } from './models/import/self-test.ts';
export {
  type InstallAttempt,
  type InstallOptions,
  type InstallResult,
  installModel,
} from './models/install.ts';
export {
  describeModel,
  type InstalledModelFile,
  installedModels,
  type ModelFolder,
  scanModelFolder,
} from './models/installed.ts';
export { NANO, NANO_WARNING } from './models/nano.ts';
export { modelPath } from './models/paths.ts';
export type { InstallPhase, ModelProgress, OnProgress } from './models/progress.ts';
export { removeModel } from './models/remove.ts';
export { pickModel, resolveModel } from './models/resolve.ts';
export {
  DEVICES,
  type EngineOptions,
  KERNELS,
  type LogLevel,
  MAX_ROWS,
  type TranscribeWindowOptions,
} from './options.ts';
export { SPEECH_STEP_SAMPLES, type SpeechListener, SpeechNetwork } from './speech/speech-network.ts';
