/**
 * SQLSTATE classes and codes of a database that is away or unwell, not of a request that is wrong: connection exceptions,
 * out of resources, operator intervention, system and internal errors (PostgreSQL, appendix A); 25006: only a replica
 * answers; 42P01: the tables are gone, as where a database was made anew.
 */
const AWAY = /^(08|53|57P|58|XX)|^(25006|3D000|28000|28P01|42P01)$/;
const NETWORK = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENOENT|EACCES|ENOSPC|EIO)/;
/** pg has no codes for these. */
const MESSAGES =
  /connection terminated|not queryable|timeout exceeded when trying to connect|query read timeout|PGlite is clos/i;

/** Whether an error, or what caused it, means that the database is away: nothing can be said about the request. */
export function isDatabaseAway(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as { code?: unknown };
    if (typeof code === 'string' && (AWAY.test(code) || NETWORK.test(code))) return true;
    if (MESSAGES.test(cause.message)) return true;
  }
  return false;
}
