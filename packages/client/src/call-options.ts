import type { Granularity } from '#wire';
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
