import * as z from 'zod';

/** What a list of a key's own is called: of terms, of pronunciations. */
export const listName = z
  .string()
  .trim()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/i, 'must have 1 to 64 letters, digits, dots, dashes and underscores');

export const namedListFields = {
  name: z.string(),
  version: z.int().meta({ description: 'One more each time that the list is replaced.' }),
  updated_at: z.iso.datetime(),
};

/** A named list of one API key. */
export interface NamedList<T> {
  name: string;
  /** 1 when it is created, one more each time that it is replaced. */
  version: number;
  updatedAtMs: number;
  entries: readonly T[];
}

export const toNamedListFields = ({ name, version, updatedAtMs }: Omit<NamedList<unknown>, 'entries'>) => ({
  name,
  version,
  updated_at: new Date(updatedAtMs).toISOString(),
});
