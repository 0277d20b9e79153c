import type { Item } from '../items/item.ts';

export const SORTS = ['created', 'updated', 'title', 'duration'] as const;
export type Sort = (typeof SORTS)[number];

/** The place after an item in a sorted list: what it is sorted by, and its id where that is the same. */
export interface Place {
  value: string | number;
  id: string;
}

/** As the index has it. */
export function sortValueOf(sort: Sort, item: Item): string | number {
  switch (sort) {
    case 'created':
      return item.createdAt.toISOString();
    case 'updated':
      return item.updatedAt.toISOString();
    case 'title':
      return item.title;
    case 'duration':
      return item.durationMs ?? 0;
  }
}

export function cursorOf(sort: Sort, item: Item): string {
  return Buffer.from(JSON.stringify([sort, sortValueOf(sort, item), item.id])).toString('base64url');
}

/** null: not a cursor of a list that is sorted like this. */
export function placeOf(sort: Sort, cursor: string): Place | null {
  let fields: unknown;
  try {
    fields = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return null;
  }
  if (!Array.isArray(fields) || fields.length !== 3) return null;
  const [sortedBy, value, id] = fields as unknown[];
  if (sortedBy !== sort || typeof id !== 'string' || id.includes('\u0000')) return null;
  return isValueOf(sort, value) ? { value, id } : null;
}

function isValueOf(sort: Sort, value: unknown): value is string | number {
  if (sort === 'duration') return Number.isSafeInteger(value);
  if (typeof value !== 'string' || value.includes('\u0000')) return false;
  return sort === 'title' || !Number.isNaN(Date.parse(value));
}
