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
  const pool = new pg.Pool({ ...POOL, connectionString: url });
  // Of idle connections; a query that fails rejects.
  pool.on('error', onError);
  const db = drizzle({ client: pool });
  return {
    db,
    kind: 'postgres',
    maintain: async () => {
      await db.execute(sql`ANALYZE search_texts`);
    },
    close: () => pool.end(),
  };
}
