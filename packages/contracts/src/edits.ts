import * as z from 'zod';
import { MAX_SPEAKER_NAME_CHARACTERS } from './speakers.ts';

/**
 * Edits of a transcript that is kept. The canonical transcript never changes: what people make of it is a journal of
 * edits, written once and in order. What is sent is what is stored.
 */

/** Of the text of one operation. */
export const MAX_EDIT_CHARACTERS = 10_000;
export const MAX_SEGMENTS_PER_OPERATION = 10_000;
export const MAX_OPERATIONS_PER_EDIT = 1_000;
export const MAX_EDITS_PER_REQUEST = 100;
/** Operations in the journal of one transcript; one that is taken back still counts. */
export const MAX_JOURNAL_OPERATIONS = 50_000;
/** A recording is told to have fewer; people may find more. */
export const MAX_EDITED_SPEAKERS = 100;

/** `5` is the sixth segment of the canonical transcript, `d5` the sixth that was left out of it; others were made by an edit. */
const segment = z.string().min(1).max(80);
const wordIndex = z.int().min(0).max(1_000_000);
const speaker = z
  .int()
  .min(0)
  .max(MAX_EDITED_SPEAKERS - 1);
/** No database keeps U+0000, or halves of characters. */
const isStorable = (text: string): boolean => !text.includes('\0') && !/\p{Cs}/u.test(text);
const UNSTORABLE = 'must be Unicode text without U+0000';
const speakerName = z.string().trim().min(1).max(MAX_SPEAKER_NAME_CHARACTERS).refine(isStorable, UNSTORABLE);

/** Words are counted from 0 within their segment, and `to_word` is the first that stays. */
const replaceText = z.strictObject({
  type: z.literal('replace_text'),
  segment,
  from_word: wordIndex,
  to_word: wordIndex,
  /** Instead of those words; empty: they go. A blank at either end stands there, even where none was before. */
  text: z.string().max(MAX_EDIT_CHARACTERS).refine(isStorable, UNSTORABLE),
});

export const editOperationSchema = z
  .discriminatedUnion('type', [
    replaceText,
    z.strictObject({ type: z.literal('split'), segment, at_word: wordIndex.min(1) }),
    /** With the segment that follows. */
    z.strictObject({ type: z.literal('merge'), segment }),
    z.strictObject({
      type: z.literal('move_boundary'),
      segment,
      /** Above 0: so many words are taken from the beginning of the segment that follows; below 0: so many are given to it. */
      words: z
        .int()
        .min(-1_000_000)
        .max(1_000_000)
        .refine((words) => words !== 0, 'must not be 0'),
    }),
    z.strictObject({
      type: z.literal('set_speaker'),
      segments: z.array(segment).min(1).max(MAX_SEGMENTS_PER_OPERATION),
      /** null: nobody who is known. The number after the last one makes another speaker. */
      speaker: speaker.nullable(),
    }),
    z.strictObject({ type: z.literal('rename_speaker'), speaker, name: speakerName.nullable() }),
    z.strictObject({ type: z.literal('delete'), segment }),
    /** Deleted, or left out of the canonical transcript. */
    z.strictObject({ type: z.literal('restore'), segment }),
    /** Takes back the newest edit in effect. */
    z.strictObject({ type: z.literal('undo') }),
    /** Brings back what was taken back last, unless there was another edit since. */
    z.strictObject({ type: z.literal('redo') }),
  ])
  .meta({ id: 'EditOperation' });
export type EditOperation = z.infer<typeof editOperationSchema>;
export type ReplaceText = z.infer<typeof replaceText>;

/** Operations that happen together or not at all, and are taken back together. */
export const editSchema = z
  .strictObject({
    /** Made by the client, new for each edit: one that is sent twice is made once. Ids of segments that it makes contain it. */
    id: z.string().regex(/^[A-Za-z0-9-]{8,40}$/, 'must be 8 to 40 letters, digits and hyphens'),
    operations: z
      .array(editOperationSchema)
      .min(1)
      .max(MAX_OPERATIONS_PER_EDIT)
      .refine(
        (operations) => operations.length === 1 || !operations.some(({ type }) => type === 'undo' || type === 'redo'),
        'undo and redo must be alone in their edit',
      ),
  })
  .meta({ id: 'Edit' });
export type Edit = z.infer<typeof editSchema>;

/** The body of `POST /library/{id}/edits`. All edits are made, or none. */
export const editRequestSchema = z
  .strictObject({
    /** Of the transcript that the first edit was made on; each further one was made on what the one before left. */
    base_revision: z.int().min(0),
    edits: z.array(editSchema).min(1).max(MAX_EDITS_PER_REQUEST),
  })
  .meta({ id: 'EditRequest' });
export type EditRequest = z.infer<typeof editRequestSchema>;
