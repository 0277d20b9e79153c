import { eq } from 'drizzle-orm';
import { accounts, type Db } from '../database/schema.ts';

/** What an account has set for all that it keeps from then on. */
export class Accounts {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** Days for which new items are kept; null: until they are deleted. */
  async retentionDays(account: string): Promise<number | null> {
    const [row] = await this.#db.select().from(accounts).where(eq(accounts.account, account));
    return row?.retentionDays ?? null;
  }

  async setRetention(account: string, retentionDays: number | null): Promise<void> {
    const row = { account, retentionDays };
    await this.#db.insert(accounts).values(row).onConflictDoUpdate({ target: accounts.account, set: row });
  }
}
