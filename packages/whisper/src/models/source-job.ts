import type { FetchSettings, OnProgress } from '@sotto/model-files';
import type { CatalogEntry } from './catalog.ts';

export interface InstallSettings extends FetchSettings {
  /** Mirror of the official place (`MODEL_BASE_URL`): a URL to which the file name is added; `file:` works too. */
  baseUrl?: string;
  /** Folders that may hold the file already, such as a mounted disk. Looked into before anything is fetched. */
  fileDirs?: readonly string[];
}

/** One installation, under the model's lock. */
export interface SourceJob {
  entry: CatalogEntry;
  modelDir: string;
  target: string;
  signal: AbortSignal;
  onProgress: OnProgress;
  settings: InstallSettings;
}
