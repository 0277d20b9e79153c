import type { QueueSettings, RecordKind } from './settings.ts';

/** A record of a newer build, or a broken one: whoever lists records goes on without it. */
export class UnreadableRecord extends Error {
  override readonly name = 'UnreadableRecord';
}

/**
 * Reads one record of many. One that cannot be read (another build wrote it, or it is broken) gives null and is told,
 * so that it costs a list its own line and nothing else.
 */
export function readOrSkip<T>(
  { onUnreadable }: Pick<QueueSettings, 'onUnreadable'>,
  record: RecordKind,
  id: string,
  read: () => T,
): T | null {
  try {
    return read();
  } catch (reason) {
    onUnreadable?.(record, id, reason);
    return null;
  }
}
