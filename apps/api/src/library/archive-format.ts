import { editSchema, FEEDBACK_RATINGS, folderFormSchema, givenTime, tagsField, titleField } from '@sotto/contracts';
import { z } from 'zod';
import { AUDIO_TYPES } from './audio-type.ts';

/**
 * A library as a ZIP archive: a folder `items/ID/` for each item, with `item.json`, `transcript.json` (canonical, as JSON),
 * `edits.json` and `recording`. Archives come from anywhere: nothing in one is believed, and no name in it becomes a path.
 */
export const ARCHIVE_VERSION = 1;

const ENTRY = /^items\/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\/([a-z.]+)$/;

export const ENTRY_NAMES = ['item.json', 'transcript.json', 'edits.json', 'recording'] as const;
export type EntryName = (typeof ENTRY_NAMES)[number];

export const entryPath = (itemId: string, name: EntryName): string => `items/${itemId}/${name}`;

/** null: not an entry that this build knows. */
export function entryOf(path: string): { itemId: string; name: EntryName } | null {
  const [, itemId, file] = ENTRY.exec(path) ?? [];
  const name = ENTRY_NAMES.find((known) => known === file);
  return itemId === undefined || name === undefined ? null : { itemId, name };
}

const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => !value.includes('\u0000'), 'must not contain U+0000');

export const archivedItemSchema = z.object({
  version: z.literal(ARCHIVE_VERSION),
  id: z.uuid(),
  title: titleField,
  tags: tagsField,
  folder: folderFormSchema.shape.name.nullable(),
  status: z.enum(['completed', 'failed', 'cancelled']),
  error_code: text(100).nullable(),
  error_message: text(2000).nullable(),
  file_name: text(1000).nullable(),
  /** null: it has no recording. */
  audio_type: z
    .string()
    .nullable()
    .transform((type) => (type === null || AUDIO_TYPES.has(type) ? type : 'application/octet-stream')),
  keep_until: givenTime.nullable(),
  created_at: givenTime,
  ended_at: givenTime.nullable(),
  feedback: z.object({ rating: z.enum(FEEDBACK_RATINGS), note: text(2000) }).nullable(),
});
export type ArchivedItem = z.infer<typeof archivedItemSchema>;

export const archivedEditsSchema = z.array(editSchema.extend({ base_revision: z.int().min(0), at: givenTime }));
export type ArchivedEdits = z.infer<typeof archivedEditsSchema>;
