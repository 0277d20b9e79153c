import * as z from 'zod';
import { editSchema } from './edits.ts';

/** A transcript as editors see it. Segments keep their ids, and words the blank before them: joined they are the text. */
const seconds = z.number().min(0);
/** The number that operations take; null: nobody who is known. */
const speaker = z.int().min(0).nullable();

/** `deleted` by an edit, or `dropped` by the filter; both may be restored. */
export const SEGMENT_STATES = ['kept', 'deleted', 'dropped'] as const;
export type SegmentState = (typeof SEGMENT_STATES)[number];

export const wireEditedWordSchema = z.object({
  word: z.string(),
  start: seconds,
  end: seconds,
  /** 1: typed. */
  confidence: z.number(),
  speaker,
});

export const wireEditedSegmentSchema = z
  .object({
    id: z.string(),
    state: z.enum(SEGMENT_STATES),
    start: seconds,
    end: seconds,
    text: z.string(),
    confidence: z.number(),
    speaker,
    language: z.string().nullable(),
    flags: z.array(z.string()),
    words: z.array(wireEditedWordSchema),
  })
  .meta({ id: 'EditedSegment' });
export type WireEditedSegment = z.infer<typeof wireEditedSegmentSchema>;

export const wireEditedSpeakerSchema = z.object({
  /** null: none was given. */
  name: z.string().nullable(),
  /** Whose channel of the recording it is, from 1; only with `channels=split`. */
  channel: z.int().min(1).optional(),
});

/** `GET /library/{id}/transcript`. */
export const wireEditedTranscriptSchema = z
  .object({
    /** 0: as it was heard. Each edit makes another one. */
    revision: z.int().min(0),
    can_undo: z.boolean(),
    can_redo: z.boolean(),
    language: z.string().nullable(),
    duration: seconds,
    /** What transcribing took. Older services do not tell it. */
    processing_time: seconds.optional(),
    /** In their order, also those that are deleted or dropped. */
    segments: z.array(wireEditedSegmentSchema),
    /** By their numbers. */
    speakers: z.array(wireEditedSpeakerSchema),
  })
  .meta({ id: 'EditedTranscript' });
export type WireEditedTranscript = z.infer<typeof wireEditedTranscriptSchema>;

/** An edit that was made, and the revision that it made. */
export const wireJournalEntrySchema = z
  .object({
    ...editSchema.shape,
    revision: z.int().min(1),
    at: z.iso.datetime(),
    /** The account of whoever made it. */
    by: z.string(),
  })
  .meta({ id: 'JournalEntry' });
export type WireJournalEntry = z.infer<typeof wireJournalEntrySchema>;

/** `GET /library/{id}/edits`: oldest first. There are more while the last one is not of `revision`. */
export const wireJournalSchema = z
  .object({ revision: z.int().min(0), edits: z.array(wireJournalEntrySchema) })
  .meta({ id: 'Journal' });
export type WireJournal = z.infer<typeof wireJournalSchema>;

/** `POST /library/{id}/edits`: what has changed since `base_revision`, also by others. */
export const wireEditsMadeSchema = z
  .object({
    revision: z.int().min(0),
    can_undo: z.boolean(),
    can_redo: z.boolean(),
    /** All edits since, in order. Whoever has the transcript of `base_revision` gets this revision by making them. */
    edits: z.array(wireJournalEntrySchema),
    /** That are new or others than before. */
    segments: z.array(wireEditedSegmentSchema),
    /** Ids of segments that are no more: merged into another, or made by an edit that was taken back. */
    removed: z.array(z.string()),
    speakers: z.array(wireEditedSpeakerSchema),
  })
  .meta({ id: 'EditsMade' });
export type WireEditsMade = z.infer<typeof wireEditsMadeSchema>;

/** In the body of `edit_conflict`: what both have made of a segment; null: it is no more. */
export const wireEditConflictSchema = z.object({
  segment: z.string(),
  yours: wireEditedSegmentSchema.nullable(),
  theirs: wireEditedSegmentSchema.nullable(),
});
export type WireEditConflict = z.infer<typeof wireEditConflictSchema>;
