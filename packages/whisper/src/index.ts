export type { InstallPhase, ModelProgress, OnProgress } from '@sotto/model-files';
export { type EngineInfo, engineInfo } from './engine/info.ts';
export type { DetectHooks, TranscribeHooks } from './engine/job.ts';
export {
  type DetectedLanguage,
  MAX_WINDOW_SAMPLES,
  type ModelInfo,
  SAMPLE_RATE,
  WhisperModel,
  type WindowTranscript,
} from './engine/model.ts';
export {
  BACKENDS,
  DEVICES,
  type EngineOptions,
  type ExpectedPhrase,
  type LogLevel,
  MAX_SLOTS,
  type TranscribeWindowOptions,
} from './engine/options.ts';
export type { EngineSegment, EngineToken } from './engine/segment.ts';
export {
  CATALOG,
  type CatalogEntry,
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
  byRank,
  describeModel,
  type InstalledModelFile,
  installedModels,
  type ModelFolder,
  modelFilesIn,
  scanModelFolder,
} from './models/installed.ts';
export { NANO, NANO_WARNING } from './models/nano.ts';
export { modelPath } from './models/paths.ts';
export { removeModel } from './models/remove.ts';
export { pickModel, resolveModel } from './models/resolve.ts';
export { type VerifiedModel, verifyModel } from './models/verify.ts';
export { SPEECH_STEP_SAMPLES, type SpeechListener, SpeechNetwork } from './silero/speech-network.ts';
export {
  installedSpeakerModel,
  installSpeakerModel,
  removeSpeakerModel,
  speakerModelPath,
} from './speakers/install-speaker-model.ts';
export { SPEAKER_MODEL } from './speakers/speaker-model.ts';
export { SpeakerNetworks } from './speakers/speaker-networks.ts';
