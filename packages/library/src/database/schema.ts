import {
  bigint,
  customType,
  integer,
  jsonb,
  type PgDatabase,
  type PgQueryResultHKT,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
} from 'drizzle-orm/pg-core';

/** The newest shape of the tables; migrations/ makes them. A test compares the two. */

const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' });
const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });
const time = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

export const FOLDER_RIGHTS = ['read', 'edit'] as const;
export type FolderRights = (typeof FOLDER_RIGHTS)[number];

export const ITEM_STATES = ['processing', 'completed', 'failed', 'cancelled'] as const;
export type ItemStatus = (typeof ITEM_STATES)[number];

export const folders = pgTable('folders', {
  id: text('id').primaryKey(),
  account: text('account').notNull(),
  name: text('name').notNull(),
  createdAt: time('created_at').notNull(),
});

export const folderShares = pgTable(
  'folder_shares',
  {
    folderId: text('folder_id').notNull(),
    account: text('account').notNull(),
    rights: text('rights', { enum: FOLDER_RIGHTS }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.folderId, table.account] })],
);

export const items = pgTable('items', {
  /** Of an item that a job made: the job's id. */
  id: text('id').primaryKey(),
  account: text('account').notNull(),
  title: text('title').notNull(),
  tags: text('tags').array().notNull().default([]),
  folderId: text('folder_id'),
  status: text('status', { enum: ITEM_STATES }).notNull(),
  errorCode: text('error_code'),
  errorMessage: text('error_message'),
  language: text('language'),
  durationMs: bigint('duration_ms', { mode: 'number' }),
  /** How many there are; null: they were not told apart. */
  speakers: integer('speakers'),
  speakerNames: text('speaker_names').array().notNull().default([]),
  model: text('model'),
  task: text('task'),
  /** Of the newest edit; 0: as it was transcribed. */
  revision: integer('revision').notNull().default(0),
  audioKey: text('audio_key'),
  audioBytes: bigint('audio_bytes', { mode: 'number' }),
  audioType: text('audio_type'),
  fileName: text('file_name'),
  /** null: until it is deleted. */
  keepUntil: time('keep_until'),
  /** null: its job is just being accepted, and until then it is nobody's. */
  acceptedAt: time('accepted_at'),
  createdAt: time('created_at').notNull(),
  updatedAt: time('updated_at').notNull(),
  endedAt: time('ended_at'),
});

export const transcripts = pgTable('transcripts', {
  itemId: text('item_id').primaryKey(),
  /** How `canonical` is written; the writer's business. */
  encoding: text('encoding').notNull(),
  canonical: bytea('canonical').notNull(),
  storedAt: time('stored_at').notNull(),
});

export const edits = pgTable(
  'edits',
  {
    itemId: text('item_id').notNull(),
    revision: integer('revision').notNull(),
    operationId: text('operation_id').notNull(),
    baseRevision: integer('base_revision').notNull(),
    operation: jsonb('operation').$type<unknown>().notNull(),
    madeBy: text('made_by').notNull(),
    madeAt: time('made_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.itemId, table.revision] }), unique().on(table.itemId, table.operationId)],
);

export const searchTexts = pgTable('search_texts', {
  itemId: text('item_id').primaryKey(),
  account: text('account').notNull(),
  /** Of PostgreSQL's full-text search: a language, or `simple`. */
  configuration: text('configuration').notNull(),
  /** Of the transcript that the lines are from. */
  revision: integer('revision').notNull(),
  lines: text('lines').notNull(),
  lineStartsMs: integer('line_starts_ms').array().notNull(),
  words: tsvector('words').notNull(),
  /** Of words that follow each other; made by a trigger (0002-phrases.sql), as what marks `words` is. */
  pairs: integer('pairs').array().notNull().default([]),
});

export const links = pgTable('links', {
  id: text('id').primaryKey(),
  itemId: text('item_id').notNull(),
  tokenHash: text('token_hash').notNull(),
  createdAt: time('created_at').notNull(),
  expiresAt: time('expires_at'),
  revokedAt: time('revoked_at'),
});

export const RATINGS = ['up', 'down'] as const;
export type Rating = (typeof RATINGS)[number];

export const feedback = pgTable(
  'feedback',
  {
    itemId: text('item_id').notNull(),
    account: text('account').notNull(),
    rating: text('rating', { enum: RATINGS }).notNull(),
    note: text('note').notNull().default(''),
    givenAt: time('given_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.itemId, table.account] })],
);

export const accounts = pgTable('accounts', {
  account: text('account').primaryKey(),
  retentionDays: integer('retention_days'),
});

export const blobRemovals = pgTable('blob_removals', {
  blobKey: text('blob_key').primaryKey(),
  dueAt: time('due_at').notNull(),
});

/** A database or a transaction in it, of either driver. */
export type Db = PgDatabase<PgQueryResultHKT, Record<string, never>>;
