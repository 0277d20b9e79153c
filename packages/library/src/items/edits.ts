import { and, asc, eq, gt } from 'drizzle-orm';
import { type Db, edits, items } from '../database/schema.ts';

/** An edit of the journal as it is stored. Nothing of it changes, and none is removed but with its item. */
export interface StoredEdit {
  /** Of the item after this edit; from 1, without gaps. */
  revision: number;
  /** Made by the client, so that an edit that is sent twice is stored once. */
  operationId: string;
  /** The revision that its author saw. */
  baseRevision: number;
  /** Plain JSON; no text in it may contain U+0000. */
  operation: unknown;
  /** An account. */
  madeBy: string;
  madeAt: Date;
}

export type NewEdit = Pick<StoredEdit, 'operationId' | 'baseRevision' | 'operation' | 'madeBy'>;

/** What is known while an item's journal is held: nobody else writes to it until the decision is made. */
export interface HeldJournal {
  revision: number;
  /** Oldest first; `after`: those that are newer than this revision. */
  edits(after?: number): Promise<StoredEdit[]>;
  /** An edit that was stored under this id, if there is one. */
  find(operationId: string): Promise<StoredEdit | null>;
}

export class Edits {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** Oldest first; `after`: those that are newer than this revision. */
  async list(itemId: string, after = 0, limit?: number): Promise<StoredEdit[]> {
    return listed(this.#db, itemId, after, limit);
  }

  /**
   * Adds to an item's journal in one transaction, one writer at a time. `decide` sees the journal as it is and says what
   * is added; what it throws is thrown, and nothing is added then.
   *
   * @returns what was added, with revisions; null: there is no such item
   */
  async append(itemId: string, decide: (journal: HeldJournal) => Promise<NewEdit[]>): Promise<StoredEdit[] | null> {
    return this.#db.transaction(async (tx) => {
      const held = await tx.select({ revision: items.revision }).from(items).where(eq(items.id, itemId)).for('update');
      const [item] = held;
      if (item === undefined) return null;
      const added = await decide({
        revision: item.revision,
        edits: (after = 0) => listed(tx, itemId, after),
        find: (operationId) => found(tx, itemId, operationId),
      });
      if (added.length === 0) return [];
      const madeAt = new Date();
      const rows = added.map((edit, index) => ({ ...edit, revision: item.revision + 1 + index, madeAt }));
      await tx.insert(edits).values(rows.map((row) => ({ ...row, itemId })));
      const revision = item.revision + added.length;
      await tx.update(items).set({ revision, updatedAt: madeAt }).where(eq(items.id, itemId));
      return rows;
    });
  }
}

const COLUMNS = {
  revision: edits.revision,
  operationId: edits.operationId,
  baseRevision: edits.baseRevision,
  operation: edits.operation,
  madeBy: edits.madeBy,
  madeAt: edits.madeAt,
};

async function listed(db: Db, itemId: string, after: number, limit?: number): Promise<StoredEdit[]> {
  const query = db
    .select(COLUMNS)
    .from(edits)
    .where(and(eq(edits.itemId, itemId), gt(edits.revision, after)))
    .orderBy(asc(edits.revision));
  return limit === undefined ? query : query.limit(limit);
}

async function found(db: Db, itemId: string, operationId: string): Promise<StoredEdit | null> {
  const [edit] = await db
    .select(COLUMNS)
    .from(edits)
    .where(and(eq(edits.itemId, itemId), eq(edits.operationId, operationId)));
  return edit ?? null;
}
