import { Counter, type Registry } from 'prom-client';
import type { Logger } from './logger.ts';

/** At most so many different records are named in the log; all are counted. */
const MAX_NAMED = 1_000;

/**
 * Counts records that were left out of lists because they cannot be read, and names each in the log once, since it is
 * met again with every list.
 */
export function unreadableRecords(
  registry: Registry,
  logger: Logger,
): (record: string, id: string, reason: unknown) => void {
  const counter = new Counter({
    name: 'sotto_unreadable_records_total',
    help: 'Records left out of a list because this build could not read them, each time.',
    labelNames: ['record'],
    registers: [registry],
  });
  const named = new Set<string>();
  return (record, id, error) => {
    counter.inc({ record });
    const name = `${record} ${id}`;
    if (named.has(name) || named.size >= MAX_NAMED) return;
    named.add(name);
    logger.warning('a record cannot be read and is left out', { record, id, error });
  };
}
