import { randomUUID } from 'node:crypto';
import {
  folderChangesSchema,
  folderFormSchema,
  SottoError,
  type WireFolder,
  wireFolderListSchema,
  wireFolderSchema,
} from '@sotto/contracts';
import type { Library, SeenFolder } from '@sotto/library';
import { accountOf } from '../http/account.ts';
import type { Answer } from '../http/description.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { BODY_ERRORS } from '../http/json-body.ts';
import { localsOf } from '../http/locals.ts';
import { folderParams, ownFolder } from './find-folder.ts';
import { LIBRARY_ERRORS, type LibraryDeps } from './library-deps.ts';
import { toWireFolder } from './wire-item.ts';

const folderAnswer: Answer = { description: 'The folder.', content: { 'application/json': wireFolderSchema } };

export function folderEndpoints(deps: LibraryDeps): Endpoint[] {
  return [listEndpoint(deps), createEndpoint(deps), changeEndpoint(deps), deleteEndpoint(deps)];
}

function listEndpoint({ library }: LibraryDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/library/folders',
    isRead: true,
    summary: 'List folders, by name',
    description: 'Your own, and those that are shared with you.',
    tag: 'library',
    access: 'read',
    answers: { 200: { description: 'The folders.', content: { 'application/json': wireFolderListSchema } } },
    errors: LIBRARY_ERRORS,
    handle: async ({ principal, response }) => {
      const folders = await library.use(async (open) => {
        const seen = await open.folders.seenBy(accountOf(principal));
        return Promise.all(seen.map((folder) => shown(folder, open)));
      });
      response.set('Cache-Control', 'private, no-store').json({ folders });
    },
  });
}

function createEndpoint({ library }: LibraryDeps): Endpoint {
  return endpoint({
    method: 'post',
    path: '/library/folders',
    summary: 'Create a folder',
    tag: 'library',
    access: 'transcribe',
    audit: 'folder.create',
    body: folderFormSchema,
    answers: { 201: folderAnswer },
    errors: [...LIBRARY_ERRORS, 'folder_exists', ...BODY_ERRORS],
    handle: async ({ body: { name, shares = [] }, principal, response }) => {
      const id = randomUUID();
      localsOf(response).metadata.auditTarget = id;
      const folder = await library.use(async (open) => {
        const made = await open.folders.add({ id, account: accountOf(principal), name });
        if (made === null) throw exists(name);
        await open.folders.share(id, shares);
        return shown({ ...made, rights: 'owner' }, open);
      });
      response.status(201).set('Cache-Control', 'private, no-store').json(folder);
    },
  });
}

function changeEndpoint({ library }: LibraryDeps): Endpoint {
  return endpoint({
    method: 'patch',
    path: '/library/folders/{id}',
    summary: 'Rename or share a folder',
    description: '`shares` replaces those it has; everything in the folder is shared.',
    tag: 'library',
    access: 'transcribe',
    audit: 'folder.change',
    params: folderParams,
    body: folderChangesSchema,
    answers: { 200: folderAnswer },
    errors: [...LIBRARY_ERRORS, 'folder_not_found', 'forbidden', 'folder_exists', ...BODY_ERRORS],
    handle: async ({ params: { id }, body: { name, shares }, principal, response }) => {
      localsOf(response).metadata.auditTarget = id;
      const folder = await library.use(async (open) => {
        await ownFolder(id, principal, open);
        if (name !== undefined && (await open.folders.rename(id, name)) === 'taken') throw exists(name);
        if (shares !== undefined) await open.folders.share(id, shares);
        return shown(await ownFolder(id, principal, open), open);
      });
      response.set('Cache-Control', 'private, no-store').json(folder);
    },
  });
}

function deleteEndpoint({ library }: LibraryDeps): Endpoint {
  return endpoint({
    method: 'delete',
    path: '/library/folders/{id}',
    summary: 'Delete a folder',
    description: 'What is in it stays, in no folder.',
    tag: 'library',
    access: 'transcribe',
    audit: 'folder.delete',
    params: folderParams,
    answers: { 204: { description: 'Deleted.', content: {} } },
    errors: [...LIBRARY_ERRORS, 'folder_not_found', 'forbidden'],
    handle: async ({ params: { id }, principal, response }) => {
      localsOf(response).metadata.auditTarget = id;
      await library.use(async (open) => {
        await ownFolder(id, principal, open);
        await open.folders.remove(id);
      });
      response.status(204).end();
    },
  });
}

async function shown(folder: SeenFolder, { folders }: Library): Promise<WireFolder> {
  const isOwn = folder.rights === 'owner';
  return { ...toWireFolder(folder), ...(isOwn && { shares: await folders.shares(folder.id) }) };
}

const exists = (name: string) => new SottoError('folder_exists', `You have a folder ${name}.`);
