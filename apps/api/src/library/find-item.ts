import { SottoError } from '@sotto/contracts';
import type { Item, Library, Rights } from '@sotto/library';
import { z } from 'zod';
import { accountOf } from '../http/account.ts';
import { PathParams, uuid } from '../http/path-params.ts';
import type { Principal } from '../http/principal.ts';
import type { LibraryStore } from './library-store.ts';

export const itemParams = new PathParams(
  z.object({ id: uuid.meta({ description: 'Of the item.' }) }),
  'item_not_found',
  'Nothing in your library has this id.',
);

export interface SeenItem {
  item: Item;
  rights: Rights;
}

const RANKS: Record<Rights, number> = { read: 0, edit: 1, owner: 2 };

/**
 * The item with this id, if the caller may do that with it.
 *
 * @throws SottoError `item_not_found` (also for one of others), `forbidden`, `library_off`, `library_unavailable`
 */
export function findItem(id: string, principal: Principal, needed: Rights, store: LibraryStore): Promise<SeenItem> {
  return store.use((library) => findIn(library, id, principal, needed));
}

async function findIn(library: Library, id: string, principal: Principal, needed: Rights): Promise<SeenItem> {
  const item = await library.items.find(id);
  const rights = item === null ? null : await rightsOf(library, item, accountOf(principal));
  if (item === null || item.acceptedAt === null || rights === null) throw itemParams.notFound();
  if (RANKS[rights] >= RANKS[needed]) return { item, rights };
  throw new SottoError(
    'forbidden',
    needed === 'owner' ? 'Only its owner may do that.' : 'You may read it, but not change it.',
  );
}

/** In a shared folder, what that allows. */
async function rightsOf({ folders }: Library, { account, folderId }: Item, asking: string): Promise<Rights | null> {
  if (account === asking) return 'owner';
  return folderId === null ? null : ((await folders.find(folderId, asking))?.rights ?? null);
}
