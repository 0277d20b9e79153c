import type { items } from '../database/schema.ts';

export type Item = typeof items.$inferSelect;

/** What is known before anything is heard. */
export interface NewItem {
  id: string;
  account: string;
  title: string;
  tags: string[];
  folderId: string | null;
  language: string | null;
  model: string | null;
  task: string | null;
  audio: ItemAudio | null;
  fileName: string | null;
  keepUntil: Date | null;
}

/** A blob that the item owns. */
export interface ItemAudio {
  key: string;
  bytes: number;
  type: string;
}

/** What a reader may change. */
export interface ItemChanges {
  title?: string;
  tags?: string[];
  folderId?: string | null;
  keepUntil?: Date | null;
}

export interface TranscriptFacts {
  language: string | null;
  durationMs: number;
  speakers: number | null;
  speakerNames: string[];
  model: string;
  task: string;
}

/** What a search looks through: a line for each segment. */
export interface TextLine {
  startMs: number;
  text: string;
}

/** What of a transcript a search looks at. */
export interface SearchedContent extends Pick<TranscriptFacts, 'speakers' | 'speakerNames'> {
  lines: TextLine[];
}

/** A canonical transcript as it is stored. The library does not look into it. */
export interface CanonicalTranscript {
  encoding: string;
  bytes: Uint8Array;
}

export interface KeptTranscript {
  facts: TranscriptFacts;
  canonical: CanonicalTranscript;
  lines: TextLine[];
}

export interface ItemFailure {
  code: string;
  message: string;
}
