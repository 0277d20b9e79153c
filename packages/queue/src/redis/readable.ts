import type { QueueSettings, RecordKind } from './settings.ts';

/** A record of a newer build, or a damaged one. Lists leave it out. */
export class UnreadableRecord extends Error {
  override readonly name = 'UnreadableRecord';
}

/**
 * Reads one record of many. A record that cannot be read (another build wrote it, or it is damaged) is reported and
 * gives null, so that a list loses only this one.
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
