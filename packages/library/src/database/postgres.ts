import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import type { Database } from './database.ts';
import { isDatabaseAway } from './faults.ts';

const POOL = {
  max: 10,
  connectionTimeoutMillis: 3_000,
  /** No query of the library takes long; one that does waits for a server that hangs. */
  query_timeout: 20_000,
  statement_timeout: 20_000,
  idle_in_transaction_session_timeout: 20_000,
  application_name: 'sotto',
};

/** PostgreSQL 14 or newer. Connects when it is first asked, and again whenever a connection is lost. */
export function openPostgres(url: string, onError: (error: Error) => void = () => {}): Database {
  const { connectionTimeoutMillis, application_name } = POOL;
  const pool = new pg.Pool({ ...POOL, connectionString: url });
  // A connection may be lost at any time, also between two queries of a transaction, when the pool does not listen.
  pool.on('connect', (client) => client.on('error', onError));
  // Of idle connections, which have told it already.
  pool.on('error', () => {});
  const alone: Database['alone'] = async (work) => {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis, application_name });
    client.on('error', onError);
    try {
      await client.connect();
      return await work(drizzle({ client }));
    } finally {
      await client.end();
    }
  };
  return {
    db: overPool(pool),
    kind: 'postgres',
    alone,
    maintain: () => alone(async (db) => void (await db.execute(sql`ANALYZE search_texts`))),
    close: () => pool.end(),
  };
}

/**
 * Drizzle's own transactions over a pool keep a connection for good where the first query of one fails: after ten such
 * outages the pool would be empty.
 */
function overPool(pool: pg.Pool) {
  const db = drizzle({ client: pool });
  db.transaction = async (work, config) => {
    const client = await pool.connect();
    let isLost = false;
    try {
      return await drizzle({ client }).transaction(work, config);
    } catch (error) {
      isLost = isDatabaseAway(error);
      throw error;
    } finally {
      client.release(isLost);
    }
  };
  return db;
}
