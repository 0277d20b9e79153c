-- The library's first tables. Times are kept to the millisecond, as JavaScript has them: cursors compare them.

CREATE TABLE folders (
  id text PRIMARY KEY,
  account text NOT NULL,
  name text NOT NULL,
  created_at timestamptz(3) NOT NULL
);
CREATE UNIQUE INDEX folders_by_name ON folders (account, lower(name));

CREATE TABLE folder_shares (
  folder_id text NOT NULL REFERENCES folders (id) ON DELETE CASCADE,
  account text NOT NULL,
  rights text NOT NULL CHECK (rights IN ('read', 'edit')),
  PRIMARY KEY (folder_id, account)
);
CREATE INDEX folder_shares_by_account ON folder_shares (account);

CREATE TABLE items (
  id text PRIMARY KEY,
  account text NOT NULL,
  title text NOT NULL,
  tags text[] NOT NULL DEFAULT '{}',
  folder_id text REFERENCES folders (id) ON DELETE SET NULL,
  status text NOT NULL CHECK (status IN ('processing', 'completed', 'failed', 'cancelled')),
  error_code text,
  error_message text,
  language text,
  duration_ms bigint,
  speakers integer,
  speaker_names text[] NOT NULL DEFAULT '{}',
  model text,
  task text,
  revision integer NOT NULL DEFAULT 0,
  audio_key text,
  audio_bytes bigint,
  audio_type text,
  file_name text,
  keep_until timestamptz(3),
  -- Null: its job is just being accepted, and until then it is nobody's.
  accepted_at timestamptz(3),
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  ended_at timestamptz(3)
);
CREATE INDEX items_by_creation ON items (account, created_at, id);
CREATE INDEX items_by_update ON items (account, updated_at, id);
CREATE INDEX items_by_title ON items (account, lower(title), id);
CREATE INDEX items_by_duration ON items (account, coalesce(duration_ms, 0), id);
CREATE INDEX items_of_folder ON items (folder_id, created_at, id) WHERE folder_id IS NOT NULL;
CREATE INDEX items_by_tag ON items USING gin (tags) WITH (fastupdate = off);
CREATE INDEX items_in_processing ON items (created_at) WHERE status = 'processing';
CREATE INDEX items_by_end_of_keeping ON items (keep_until) WHERE keep_until IS NOT NULL;

-- The canonical transcript, compressed already; `encoding` says how.
CREATE TABLE transcripts (
  item_id text PRIMARY KEY REFERENCES items (id) ON DELETE CASCADE,
  encoding text NOT NULL,
  canonical bytea NOT NULL,
  stored_at timestamptz(3) NOT NULL
);
ALTER TABLE transcripts ALTER COLUMN canonical SET STORAGE EXTERNAL;

CREATE TABLE edits (
  item_id text NOT NULL REFERENCES items (id) ON DELETE CASCADE,
  revision integer NOT NULL CHECK (revision > 0),
  operation_id text NOT NULL,
  base_revision integer NOT NULL,
  operation jsonb NOT NULL,
  made_by text NOT NULL,
  made_at timestamptz(3) NOT NULL,
  PRIMARY KEY (item_id, revision),
  UNIQUE (item_id, operation_id)
);

-- What is searched: a line for each segment of the transcript at this revision, and when each begins. The index takes new
-- words at once (no list of pending ones): nothing sorts them in later where no autovacuum runs.
CREATE TABLE search_texts (
  item_id text PRIMARY KEY REFERENCES items (id) ON DELETE CASCADE,
  account text NOT NULL,
  configuration text NOT NULL,
  revision integer NOT NULL,
  lines text NOT NULL,
  line_starts_ms integer[] NOT NULL,
  words tsvector NOT NULL
);
CREATE INDEX search_texts_by_word ON search_texts USING gin (words) WITH (fastupdate = off);
CREATE INDEX search_texts_by_configuration ON search_texts (account, configuration);

CREATE TABLE links (
  id text PRIMARY KEY,
  item_id text NOT NULL REFERENCES items (id) ON DELETE CASCADE,
  token_hash text NOT NULL UNIQUE,
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3),
  revoked_at timestamptz(3)
);
CREATE INDEX links_of_item ON links (item_id);

CREATE TABLE feedback (
  item_id text NOT NULL REFERENCES items (id) ON DELETE CASCADE,
  account text NOT NULL,
  rating text NOT NULL CHECK (rating IN ('up', 'down')),
  note text NOT NULL DEFAULT '',
  given_at timestamptz(3) NOT NULL,
  PRIMARY KEY (item_id, account)
);
CREATE INDEX feedback_by_time ON feedback (given_at);

CREATE TABLE accounts (
  account text PRIMARY KEY,
  retention_days integer
);

-- Blobs that nothing owns any more, written in the transaction that lets go of them; gone from here once they are
-- deleted.
CREATE TABLE blob_removals (
  blob_key text PRIMARY KEY,
  due_at timestamptz(3) NOT NULL
);
