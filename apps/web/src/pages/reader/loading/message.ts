import type { WireEditedSegment, WireEditedTranscript } from '@sotto/contracts/wire';

/** What the worker tells: so many segments at a time that the page stays quick, then all the rest of the transcript. */
export type LoadingMessage =
  | { type: 'segments'; segments: WireEditedSegment[] }
  | { type: 'end'; transcript: Omit<WireEditedTranscript, 'segments'> }
  | { type: 'refused'; code: string; detail: string; retryAfterSeconds: number | undefined }
  | { type: 'failed'; message: string };
