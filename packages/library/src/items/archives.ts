import { and, asc, eq, isNotNull, ne } from 'drizzle-orm';
import { blobRemovals, type Db, edits, items, transcripts } from '../database/schema.ts';
import type { StoredEdit } from './edits.ts';
import type { ItemAudio, ItemFailure, KeptTranscript } from './item.ts';
import { storeSearchText } from './search-text.ts';

/** An item as another library had it. */
export interface ImportedItem {
  id: string;
  account: string;
  title: string;
  tags: string[];
  folderId: string | null;
  status: 'completed' | 'failed' | 'cancelled';
  failure: ItemFailure | null;
  fileName: string | null;
  /** Claimed before. */
  audio: ItemAudio | null;
  keepUntil: Date | null;
  createdAt: Date;
  endedAt: Date | null;
  /** null: it has none. */
  kept: KeptTranscript | null;
  /** In order. */
  edits: Omit<StoredEdit, 'revision'>[];
}

/** Libraries as a whole: what leaves them, and what comes from others. */
export class Archives {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** Ids of an account's items that have ended, oldest first. */
  async ids(account: string): Promise<string[]> {
    const rows = await this.#db
      .select({ id: items.id })
      .from(items)
      .where(and(eq(items.account, account), isNotNull(items.acceptedAt), ne(items.status, 'processing')))
      .orderBy(asc(items.createdAt), asc(items.id));
    return rows.map(({ id }) => id);
  }

  /** A blob that is about to be written: unless an item has it by then, it is removed. */
  async claim(blobKey: string, untilThen: Date): Promise<void> {
    const row = { blobKey, dueAt: untilThen };
    await this.#db.insert(blobRemovals).values(row).onConflictDoUpdate({ target: blobRemovals.blobKey, set: row });
  }

  /** All of it in one step. @returns false: there is an item with this id; nothing is changed then */
  async add({ kept, edits: journal, audio, failure, ...item }: ImportedItem): Promise<boolean> {
    const now = new Date();
    return this.#db.transaction(async (tx) => {
      const row = {
        ...item,
        ...kept?.facts,
        errorCode: failure?.code ?? null,
        errorMessage: failure?.message ?? null,
        audioKey: audio?.key ?? null,
        audioBytes: audio?.bytes ?? null,
        audioType: audio?.type ?? null,
        revision: journal.length,
        acceptedAt: now,
        updatedAt: now,
      };
      const added = await tx.insert(items).values(row).onConflictDoNothing().returning({ id: items.id });
      if (added.length === 0) return false;
      const itemId = item.id;
      if (kept !== null) {
        const { encoding, bytes } = kept.canonical;
        await tx.insert(transcripts).values({ itemId, encoding, canonical: bytes, storedAt: now });
      }
      for (let at = 0; at < journal.length; at += EDITS_AT_ONCE) {
        const some = journal.slice(at, at + EDITS_AT_ONCE);
        await tx.insert(edits).values(some.map((edit, index) => ({ ...edit, itemId, revision: at + index + 1 })));
      }
      const { account, title } = item;
      const language = kept?.facts.language ?? null;
      await storeSearchText(tx, { itemId, account, title, language, revision: 0, lines: kept?.lines ?? [] });
      if (audio !== null) await tx.delete(blobRemovals).where(eq(blobRemovals.blobKey, audio.key));
      return true;
    });
  }
}

/** A statement has at most 65 535 parameters. */
const EDITS_AT_ONCE = 1_000;
