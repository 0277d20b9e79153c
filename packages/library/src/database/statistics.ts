import { sql } from 'drizzle-orm';
import { rowsOf } from './rows.ts';
import type { Db } from './schema.ts';

/** Fewer texts are found without statistics as well. */
const FEW = 100;
const CHANGED_SHARE = 0.2;

/**
 * What the planner knows of the texts, where no autovacuum sees to it and nothing counts changes. Finding it out takes
 * seconds where there are many, in which everything else waits, and little changes while there are about as many: so it is
 * done when there are a fifth more or fewer than the last time.
 */
export class Statistics {
  readonly #db: Db;
  /** null: not looked at yet. */
  #texts: number | null = null;

  constructor(db: Db) {
    this.#db = db;
  }

  async refresh(): Promise<void> {
    const [found] = rowsOf<{ texts: number; known: boolean }>(
      await this.#db.execute(sql`
        SELECT (SELECT count(*)::integer FROM items) AS texts,
               EXISTS (SELECT FROM pg_stats WHERE tablename = 'search_texts') AS known`),
    );
    if (found === undefined) return;
    const before = this.#texts ?? (found.known ? found.texts : 0);
    this.#texts = before;
    if (Math.abs(found.texts - before) <= CHANGED_SHARE * before + (before === 0 ? FEW : 0)) return;
    await this.#db.execute(sql`ANALYZE items`);
    await this.#db.execute(sql`ANALYZE search_texts`);
    this.#texts = found.texts;
  }
}
