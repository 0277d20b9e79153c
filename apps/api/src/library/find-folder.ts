import { SottoError } from '@sotto/contracts';
import type { Library, SeenFolder } from '@sotto/library';
import { z } from 'zod';
import { accountOf } from '../http/account.ts';
import { PathParams, uuid } from '../http/path-params.ts';
import type { Principal } from '../http/principal.ts';

export const folderParams = new PathParams(
  z.object({ id: uuid.meta({ description: 'Of the folder.' }) }),
  'folder_not_found',
  'You have no folder with this id.',
);

/** @throws SottoError `folder_not_found`, also for one of others that is not shared with the caller */
export async function seenFolder(id: string, principal: Principal, { folders }: Library): Promise<SeenFolder> {
  const folder = await folders.find(id, accountOf(principal));
  if (folder === null) throw folderParams.notFound();
  return folder;
}

/** @throws SottoError the same; `forbidden` */
export async function ownFolder(id: string, principal: Principal, library: Library): Promise<SeenFolder> {
  const folder = await seenFolder(id, principal, library);
  if (folder.rights === 'owner') return folder;
  throw new SottoError('forbidden', 'This folder is shared with you; it is not yours.');
}
