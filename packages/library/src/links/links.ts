import { and, asc, eq, gt, isNull, or } from 'drizzle-orm';
import { type Db, links } from '../database/schema.ts';

/** A way to read one item without an account. What is stored of its secret is the SHA-256. */
export interface Link {
  id: string;
  itemId: string;
  createdAt: Date;
  /** null: until it is revoked. */
  expiresAt: Date | null;
  revokedAt: Date | null;
}

const COLUMNS = {
  id: links.id,
  itemId: links.itemId,
  createdAt: links.createdAt,
  expiresAt: links.expiresAt,
  revokedAt: links.revokedAt,
};

export class Links {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  async add(link: { id: string; itemId: string; tokenHash: string; expiresAt: Date | null }): Promise<Link> {
    const row = { ...link, createdAt: new Date() };
    await this.#db.insert(links).values(row);
    const { tokenHash: _tokenHash, ...shown } = row;
    return { ...shown, revokedAt: null };
  }

  /** Oldest first, with those that are over. */
  async list(itemId: string): Promise<Link[]> {
    return this.#db.select(COLUMNS).from(links).where(eq(links.itemId, itemId)).orderBy(asc(links.createdAt));
  }

  /** The item that a secret leads to; null: none, or not any more. */
  async itemOf(tokenHash: string): Promise<string | null> {
    const isCurrent = or(isNull(links.expiresAt), gt(links.expiresAt, new Date()));
    const [link] = await this.#db
      .select(COLUMNS)
      .from(links)
      .where(and(eq(links.tokenHash, tokenHash), isNull(links.revokedAt), isCurrent));
    return link?.itemId ?? null;
  }

  /** Safe to repeat. @returns false: the item has no such link */
  async revoke(itemId: string, id: string): Promise<boolean> {
    const own = and(eq(links.itemId, itemId), eq(links.id, id));
    await this.#db
      .update(links)
      .set({ revokedAt: new Date() })
      .where(and(own, isNull(links.revokedAt)));
    return (await this.#db.select({ id: links.id }).from(links).where(own)).length > 0;
  }
}
