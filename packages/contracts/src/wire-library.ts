import * as z from 'zod';
import { STATUSES } from './status.ts';

/** The library as clients of the HTTP API see it: what is kept, and for whom. */
const seconds = z.number().min(0);
const time = z.iso.datetime();

/** A century. */
export const MAX_KEEP_DAYS = 36_500;
export const MAX_TITLE_CHARACTERS = 300;
export const MAX_TAGS = 50;
export const MAX_TAG_CHARACTERS = 60;
export const MAX_FOLDER_NAME_CHARACTERS = 100;
export const MAX_FOLDER_SHARES = 200;
export const MAX_ACCOUNT_CHARACTERS = 64;
export const MAX_NOTE_CHARACTERS = 2000;

export const LIBRARY_SORTS = ['created', 'updated', 'title', 'duration'] as const;
/** What whoever asks may do with an item or a folder. */
export const LIBRARY_RIGHTS = ['owner', 'edit', 'read'] as const;
export const FEEDBACK_RATINGS = ['up', 'down'] as const;

/** A time that a client says; the calendar of databases has no year 0. */
export const givenTime = z.iso
  .datetime({ offset: true })
  .refine((text) => !text.startsWith('0000'), 'has no such year');

/** One line that a database can keep. */
const line = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is refused
    .regex(/^[^\u0000-\u001F\u007F]*$/, 'must not contain control characters');

export const titleField = line(MAX_TITLE_CHARACTERS);
export const tagField = line(MAX_TAG_CHARACTERS);
export const tagsField = z.array(tagField).max(MAX_TAGS);
const folderName = line(MAX_FOLDER_NAME_CHARACTERS);
const account = line(MAX_ACCOUNT_CHARACTERS);

export const wireItemSchema = z
  .object({
    /** Of an item that a job made: the job's id. */
    id: z.uuid(),
    title: z.string(),
    tags: z.array(z.string()),
    /** Of the folder that it is in; null: none. */
    folder: z.uuid().nullable(),
    status: z.enum(STATUSES),
    /** Of one that failed. */
    error: z.string().optional(),
    detail: z.string().optional(),
    /** null: not known, or not yet. So are the next two. */
    language: z.string().nullable(),
    duration: seconds.nullable(),
    model: z.string().nullable(),
    task: z.string().nullable(),
    /** How many speakers there are; null: they were not told apart. */
    speakers: z.int().nullable(),
    /** Of those who have a name. */
    speaker_names: z.array(z.string()),
    /** Of the newest edit; 0: as it was heard. */
    revision: z.int(),
    /** null: there is no recording. */
    audio: z.object({ bytes: z.int(), type: z.string(), url: z.string() }).nullable(),
    /** Of the recording, as it was sent. */
    file_name: z.string().nullable(),
    rights: z.enum(LIBRARY_RIGHTS),
    /** When it is deleted; null: when somebody does it. */
    keep_until: time.nullable(),
    created_at: time,
    updated_at: time,
    ended_at: time.nullable(),
  })
  .meta({ id: 'Item' });
export type WireItem = z.infer<typeof wireItemSchema>;

/** Where words that were searched for are said. */
export const wireHitSchema = z.object({
  start: seconds,
  text: z.string(),
  /** Which characters (UTF-16 units) of `text` were searched for: the first, and one after the last. */
  marks: z.array(z.tuple([z.int(), z.int()])),
});

export const wireItemListSchema = z
  .object({
    /** `hits`: up to three; none where only the title has the words. */
    items: z.array(wireItemSchema.extend({ hits: z.array(wireHitSchema) })),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'ItemList' });
export type WireItemList = z.infer<typeof wireItemListSchema>;

/** Body of `PATCH /library/{id}`. */
export const itemChangesSchema = z
  .strictObject({
    title: titleField.optional(),
    tags: tagsField.optional(),
    folder: z.uuid().toLowerCase().nullable().optional().meta({ description: 'One of your own; null: none.' }),
    keep_until: givenTime
      .nullable()
      .optional()
      .meta({ description: 'When it is deleted; null: when somebody does it.' }),
  })
  .meta({ id: 'ItemChanges' });
export type ItemChangesForm = z.infer<typeof itemChangesSchema>;

export const wireFolderSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    rights: z.enum(LIBRARY_RIGHTS),
    created_at: time,
    /** With whom it is shared; only its owner is told. */
    shares: z.array(z.object({ account: z.string(), rights: z.enum(['read', 'edit']) })).optional(),
  })
  .meta({ id: 'Folder' });
export type WireFolder = z.infer<typeof wireFolderSchema>;

export const wireFolderListSchema = z.object({ folders: z.array(wireFolderSchema) }).meta({ id: 'FolderList' });

const shares = z
  .array(z.strictObject({ account, rights: z.enum(['read', 'edit']) }))
  .max(MAX_FOLDER_SHARES)
  .refine((all) => new Set(all.map((share) => share.account)).size === all.length, 'must not name an account twice')
  .meta({ description: 'Accounts that may read, or edit, everything in it: ids of users or of API keys.' });

/** Bodies of `POST /library/folders` and `PATCH /library/folders/{id}`. */
export const folderFormSchema = z
  .strictObject({ name: folderName, shares: shares.optional() })
  .meta({ id: 'FolderForm' });
export type FolderForm = z.input<typeof folderFormSchema>;
export const folderChangesSchema = folderFormSchema.partial().meta({ id: 'FolderChanges' });

export const wireLinkSchema = z
  .object({
    id: z.uuid(),
    created_at: time,
    /** null: until it is revoked. */
    expires_at: time.nullable(),
    revoked_at: time.nullable(),
  })
  .meta({ id: 'Link' });
export type WireLink = z.infer<typeof wireLinkSchema>;

export const wireLinkListSchema = z.object({ links: z.array(wireLinkSchema) }).meta({ id: 'LinkList' });

/** The only answer that has the token: what is stored does not tell it. */
export const wireNewLinkSchema = wireLinkSchema.extend({ token: z.string(), url: z.string() }).meta({ id: 'NewLink' });

export const MAX_LINK_DAYS = 3650;
/** Body of `POST /library/{id}/links`. */
export const linkFormSchema = z
  .strictObject({
    days: z
      .number()
      .positive()
      .max(MAX_LINK_DAYS)
      .nullable()
      .default(30)
      .meta({ description: 'For how long it leads there; null: until it is revoked.' }),
  })
  .meta({ id: 'LinkForm' });

/** `GET /shared/{token}`: what somebody without an account sees of an item. */
export const wireSharedItemSchema = wireItemSchema
  .pick({
    title: true,
    status: true,
    language: true,
    duration: true,
    speakers: true,
    speaker_names: true,
    revision: true,
    audio: true,
    created_at: true,
  })
  .meta({ id: 'SharedItem' });
export type WireSharedItem = z.infer<typeof wireSharedItemSchema>;

/** Body of `PUT /library/{id}/feedback`. */
export const feedbackFormSchema = z
  .strictObject({
    rating: z.enum(FEEDBACK_RATINGS),
    note: z
      .string()
      .trim()
      .max(MAX_NOTE_CHARACTERS)
      .refine((note) => !note.includes('\u0000'), 'must not contain U+0000')
      .default(''),
  })
  .meta({ id: 'FeedbackForm' });

export type FeedbackForm = z.input<typeof feedbackFormSchema>;

export const wireFeedbackSchema = z
  .object({ rating: z.enum(FEEDBACK_RATINGS), note: z.string(), given_at: time })
  .meta({ id: 'Feedback' });

export type WireFeedback = z.infer<typeof wireFeedbackSchema>;

/** `GET /admin/feedback`, newest first: with what an operator wants to know, and nothing that was said. */
export const wireFeedbackListSchema = z
  .object({
    feedback: z.array(
      wireFeedbackSchema.extend({
        item: z.uuid(),
        account: z.string(),
        model: z.string().nullable(),
        language: z.string().nullable(),
        duration: seconds.nullable(),
      }),
    ),
  })
  .meta({ id: 'FeedbackList' });
export type WireFeedbackList = z.infer<typeof wireFeedbackListSchema>;

/** `GET` and `PUT /library/settings`. */
export const librarySettingsSchema = z
  .strictObject({
    keep_days: z.int().min(1).max(MAX_KEEP_DAYS).nullable().meta({
      description: 'Days for which items are kept that are added from now on; null: until somebody deletes them.',
    }),
  })
  .meta({ id: 'LibrarySettings' });

/** `POST /library/import`. */
export const wireImportSchema = z
  .object({
    imported: z.int(),
    /** That were there already. */
    skipped: z.int(),
    /** That cannot be used, with the reason. */
    failed: z.array(z.object({ entry: z.string(), detail: z.string() })),
  })
  .meta({ id: 'Import' });
export type WireImport = z.infer<typeof wireImportSchema>;
