export {
  CATALOG,
  type CatalogEntry,
  COMPUTE_TYPES,
  type ComputeType,
  canonicalModelName,
  catalogEntry,
  entryToInstall,
} from './models/catalog.ts';
export { type ChooseOptions, type ChosenModel, chooseModel } from './models/choose.ts';
export { checkGgmlFile, type GgmlFile } from './models/ggml-file.ts';
export { type ImportOptions, importModel } from './models/import/import-model.ts';
export {
  type InstallAttempt,
  type InstallOptions,
  type InstallResult,
  installModel,
  removeModel,
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
export { pickModel, resolveModel } from './models/resolve.ts';
