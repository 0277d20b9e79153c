import { and, desc, eq } from 'drizzle-orm';
import { type Db, feedback, items, type Rating } from '../database/schema.ts';

/** What a reader thinks of a transcript. One of each account; gone with the item. */
export interface Feedback {
  itemId: string;
  account: string;
  rating: Rating;
  note: string;
  givenAt: Date;
}

/** With what its operator wants to know of the item. */
export interface ReviewedFeedback extends Feedback {
  model: string | null;
  language: string | null;
  durationMs: number | null;
}

export class FeedbackNotes {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** In place of what this account said before. */
  async give(given: Omit<Feedback, 'givenAt'>): Promise<Feedback> {
    const row = { ...given, givenAt: new Date() };
    await this.#db
      .insert(feedback)
      .values(row)
      .onConflictDoUpdate({ target: [feedback.itemId, feedback.account], set: row });
    return row;
  }

  async of(itemId: string, account: string): Promise<Feedback | null> {
    const own = and(eq(feedback.itemId, itemId), eq(feedback.account, account));
    const [given] = await this.#db.select().from(feedback).where(own);
    return given ?? null;
  }

  async withdraw(itemId: string, account: string): Promise<void> {
    await this.#db.delete(feedback).where(and(eq(feedback.itemId, itemId), eq(feedback.account, account)));
  }

  /** Of all accounts, newest first. */
  async newest(limit: number): Promise<ReviewedFeedback[]> {
    const rows = await this.#db
      .select({ feedback, model: items.model, language: items.language, durationMs: items.durationMs })
      .from(feedback)
      .innerJoin(items, eq(items.id, feedback.itemId))
      .orderBy(desc(feedback.givenAt))
      .limit(limit);
    return rows.map(({ feedback: given, ...item }) => ({ ...given, ...item }));
  }
}
