import type { EditedSegment, EditedSpeaker } from '@sotto/transcript';

/** What is loaded: an item, as it was heard or as it is now, or what a link leads to, as it is now. */
export type LoadingRequest = { itemId: string; original: boolean } | { token: string };

/** What the worker tells: so many segments at a time that the page stays quick, then who speaks. */
export type LoadingMessage =
  | { type: 'segments'; segments: EditedSegment[] }
  | { type: 'end'; speakers: EditedSpeaker[] }
  | { type: 'refused'; code: string; detail: string; retryAfterSeconds: number | undefined }
  | { type: 'away' }
  | { type: 'failed'; message: string };
