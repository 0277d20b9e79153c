import type { CatalogEntry } from './catalog.ts';
import type { OnProgress } from './progress.ts';

export interface InstallSettings {
  /** Mirror of the official place (`MODEL_BASE_URL`): a URL to which the file name is added; `file:` works too. */
  baseUrl?: string;
  /** Folders that may hold the file already, such as a mounted disk. Looked into before anything is fetched. */
  fileDirs?: readonly string[];
  /** Default 5 000. */
  connectTimeoutMs?: number;
  /** Default 30 000. */
  stallTimeoutMs?: number;
  /** Default `python3`. */
  python?: string;
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
