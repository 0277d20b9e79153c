import type { Granularity, Status } from '#wire';
import type { CaptionShape } from './caption-shape.ts';
import type { Call } from './http.ts';
import type { UploadProgress } from './upload-body.ts';
import type { WordingShape } from './wording-shape.ts';

export interface UploadOptions extends Call {
  onUploadProgress?: (progress: UploadProgress) => void;
}

export interface ResultOptions extends Call, CaptionShape, WordingShape {
  timestampGranularity?: Granularity;
  /** What the speakers are called, in the order in which they are first heard. */
  speakerNames?: readonly string[];
}

export interface SearchOptions extends Call {
  /** Matches that are listed; `total` counts them all. */
  limit?: number;
  /** Words shown before and after a match. */
  context?: number;
}

/** What is known of the speakers. */
export interface SpeakerHints {
  numSpeakers?: number;
  minSpeakers?: number;
  maxSpeakers?: number;
  /** Names of stored voices that may be heard, or `all`. */
  knownSpeakers?: readonly string[] | 'all';
}

export interface ListOptions extends Call {
  status?: Status;
  cursor?: string;
  limit?: number;
}
