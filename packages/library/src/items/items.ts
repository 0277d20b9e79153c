import { and, asc, eq, gt, inArray, isNotNull, lt, lte, sql } from 'drizzle-orm';
import { blobRemovals, type Db, items, searchTexts, transcripts } from '../database/schema.ts';
import type {
  CanonicalTranscript,
  Item,
  ItemChanges,
  ItemFailure,
  KeptTranscript,
  NewItem,
  SearchedContent,
} from './item.ts';
import { retitle, storeSearchText } from './search-text.ts';

/**
 * What is kept. An item is added before the work is accepted that it is for, and until then shown to nobody: whoever dies
 * in between leaves no trace for long. processing -> completed, with a transcript, or failed or cancelled, without; once and for all. Deleting an
 * item takes its transcript, edits, links, feedback and search text along, and lists its audio for removal.
 */
export class Items {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** Safe to repeat. @returns false: there is an item with this id */
  async add(item: NewItem): Promise<boolean> {
    const { audio, ...rest } = item;
    const now = new Date();
    return this.#db.transaction(async (tx) => {
      const row = {
        ...rest,
        status: 'processing' as const,
        audioKey: audio?.key ?? null,
        audioBytes: audio?.bytes ?? null,
        audioType: audio?.type ?? null,
        createdAt: now,
        updatedAt: now,
      };
      const added = await tx.insert(items).values(row).onConflictDoNothing().returning({ id: items.id });
      if (added.length === 0) return false;
      await storeSearchText(tx, { ...item, itemId: item.id, revision: 0, lines: [] });
      return true;
    });
  }

  async find(id: string): Promise<Item | null> {
    const [item] = await this.#db.select().from(items).where(eq(items.id, id));
    return item ?? null;
  }

  /** null: there is none. */
  async canonical(id: string): Promise<CanonicalTranscript | null> {
    const [row] = await this.#db
      .select({ encoding: transcripts.encoding, bytes: transcripts.canonical })
      .from(transcripts)
      .where(eq(transcripts.itemId, id));
    return row ?? null;
  }

  /** The work that it is for is accepted. Safe to repeat. @returns false: it is gone */
  async accept(id: string): Promise<boolean> {
    const set = { acceptedAt: sql`coalesce(${items.acceptedAt}, now())` };
    return (await this.#db.update(items).set(set).where(eq(items.id, id)).returning({ id: items.id })).length > 0;
  }

  /** @returns false: there is no such item */
  async change(id: string, changes: ItemChanges): Promise<boolean> {
    return this.#db.transaction(async (tx) => {
      const set = { ...changes, updatedAt: new Date() };
      const changed = await tx.update(items).set(set).where(eq(items.id, id)).returning({ title: items.title });
      if (changed[0] === undefined) return false;
      if (changes.title !== undefined) await retitle(tx, id, changes.title);
      return true;
    });
  }

  /** @returns false: it is not in processing (any more), or gone; nothing is stored then */
  async complete(id: string, { facts, canonical, lines }: KeptTranscript): Promise<boolean> {
    const now = new Date();
    return this.#db.transaction(async (tx) => {
      const set = { ...facts, status: 'completed' as const, ...ended(now) };
      const [item] = await tx
        .update(items)
        .set(set)
        .where(and(eq(items.id, id), eq(items.status, 'processing')))
        .returning({ account: items.account, title: items.title, language: items.language });
      if (item === undefined) return false;
      const { encoding, bytes } = canonical;
      await tx.insert(transcripts).values({ itemId: id, encoding, canonical: bytes, storedAt: now });
      await storeSearchText(tx, { ...item, itemId: id, revision: 0, lines });
      return true;
    });
  }

  /** @returns false: it is not in processing (any more), or gone */
  async end(id: string, status: 'failed' | 'cancelled', failure: ItemFailure | null): Promise<boolean> {
    const set = { status, errorCode: failure?.code ?? null, errorMessage: failure?.message ?? null };
    const rows = await this.#db
      .update(items)
      .set({ ...set, ...ended(new Date()) })
      .where(and(eq(items.id, id), eq(items.status, 'processing')))
      .returning({ id: items.id });
    return rows.length > 0;
  }

  /** What a search finds from now on, and who speaks, after edits. Older revisions than the stored one change nothing. */
  async reindex(id: string, revision: number, { lines, speakers, speakerNames }: SearchedContent): Promise<void> {
    await this.#db.transaction(async (tx) => {
      // Held first, as by whoever deletes it.
      const [item] = await tx.select().from(items).where(eq(items.id, id)).for('update');
      const [indexed] = await tx
        .select({ revision: searchTexts.revision })
        .from(searchTexts)
        .where(eq(searchTexts.itemId, id));
      if (item === undefined || indexed === undefined || indexed.revision > revision) return;
      await tx.update(items).set({ speakers, speakerNames }).where(eq(items.id, id));
      await storeSearchText(tx, { ...item, itemId: id, revision, lines });
    });
  }

  /** Items with edits that a search does not find yet. */
  async unindexed(limit: number): Promise<string[]> {
    const rows = await this.#db
      .select({ id: items.id })
      .from(items)
      .innerJoin(searchTexts, eq(searchTexts.itemId, items.id))
      .where(gt(items.revision, searchTexts.revision))
      .limit(limit);
    return rows.map(({ id }) => id);
  }

  /**
   * Everything of it is gone but its audio, which `blob_removals` lists from now on.
   *
   * @returns keys of blobs that are to be deleted
   */
  async remove(ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0) return [];
    return this.#db.transaction(async (tx) => {
      const removed = await tx
        .delete(items)
        .where(inArray(items.id, [...ids]))
        .returning({ key: items.audioKey });
      const keys = removed.flatMap(({ key }) => (key === null ? [] : [key]));
      const rows = keys.map((blobKey) => ({ blobKey, dueAt: new Date() }));
      if (rows.length > 0) await tx.insert(blobRemovals).values(rows).onConflictDoNothing();
      return keys;
    });
  }

  /** Blobs whose items are gone, and that may still be there. */
  async removals(limit: number): Promise<string[]> {
    const isDue = lte(blobRemovals.dueAt, new Date());
    const rows = await this.#db.select().from(blobRemovals).where(isDue).orderBy(asc(blobRemovals.dueAt)).limit(limit);
    return rows.map(({ blobKey }) => blobKey);
  }

  /** The blob is gone. */
  async removed(key: string): Promise<void> {
    await this.#db.delete(blobRemovals).where(eq(blobRemovals.blobKey, key));
  }

  /** Items that have been in processing since before this, oldest first. */
  async processingSince(before: Date, limit: number): Promise<Item[]> {
    return this.#db
      .select()
      .from(items)
      .where(and(eq(items.status, 'processing'), lt(items.createdAt, before)))
      .orderBy(asc(items.createdAt))
      .limit(limit);
  }

  /** Ended items that are kept no longer. */
  async expired(now: Date, limit: number): Promise<string[]> {
    const rows = await this.#db
      .select({ id: items.id })
      .from(items)
      .where(and(isNotNull(items.keepUntil), lte(items.keepUntil, now), sql`${items.status} <> 'processing'`))
      .orderBy(asc(items.keepUntil))
      .limit(limit);
    return rows.map(({ id }) => id);
  }
}

/** What has ended was accepted, whoever died before that was written down. */
function ended(now: Date) {
  return {
    acceptedAt: sql`coalesce(${items.acceptedAt}, ${now.toISOString()}::timestamptz)`,
    endedAt: now,
    updatedAt: now,
  };
}
