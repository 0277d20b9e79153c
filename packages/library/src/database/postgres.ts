import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import type { Database } from './database.ts';

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
  // Of idle connections; a query that fails rejects.
  pool.on('error', onError);
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
    db: drizzle({ client: pool }),
    kind: 'postgres',
    alone,
    maintain: () => alone(async (db) => void (await db.execute(sql`ANALYZE search_texts`))),
    close: () => pool.end(),
  };
}
