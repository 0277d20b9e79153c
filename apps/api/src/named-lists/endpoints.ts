import { type AuditAction, type ErrorCode, listName, type NamedList, SottoError } from '@sotto/contracts';
import type { NamedLists } from '@sotto/queue';
import { z } from 'zod';
import type { Answer } from '../http/description.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { BODY_ERRORS } from '../http/json-body.ts';
import { localsOf } from '../http/locals.ts';
import { PathParams } from '../http/path-params.ts';

/** What differs between lists of one kind and of another. */
export interface ListKind<T, B> {
  lists: Pick<NamedLists<T>, 'put' | 'find' | 'list' | 'delete'>;
  /** Names the collection in addresses and answers. */
  tag: 'vocabularies' | 'dictionaries';
  /** Of one, for people. */
  noun: string;
  body: z.ZodType<B>;
  entriesOf(body: B): readonly T[];
  one: { schema: z.ZodType; of(list: NamedList<T>): object };
  all: { schema: z.ZodType; of(list: NamedList<T>): object };
  /** That a key may have. */
  most: number;
  audit: Record<'put' | 'delete', AuditAction>;
  errors: Record<'notFound' | 'full', ErrorCode>;
}

type Params = PathParams<z.ZodObject<{ name: typeof listName }>>;

/** Named lists, each key's own: to be listed, read, replaced as a whole, and deleted. */
export function namedListEndpoints<T, B>(kind: ListKind<T, B>): Endpoint[] {
  const params: Params = new PathParams(
    z.object({ name: listName.meta({ description: `Name of the ${kind.noun}.` }) }),
    kind.errors.notFound,
    `There is no ${kind.noun} of this name.`,
  );
  return [listEndpoint(kind), putEndpoint(kind, params), findEndpoint(kind, params), deleteEndpoint(kind, params)];
}

const commonOf = ({ tag }: { tag: Endpoint['tag'] }) => ({ tag, access: 'transcribe' }) as const;

const oneAnswer = ({
  noun,
  one,
}: Pick<ListKind<unknown, unknown>, 'noun'> & { one: { schema: z.ZodType } }): Answer => ({
  description: `The ${noun}.`,
  content: { 'application/json': one.schema },
});

function listEndpoint<T, B>(kind: ListKind<T, B>): Endpoint {
  const { tag, all, lists } = kind;
  return endpoint({
    ...commonOf(kind),
    method: 'get',
    path: `/${tag}`,
    isRead: true,
    summary: `List ${tag}, by name`,
    answers: { 200: { description: 'Those of this key.', content: { 'application/json': all.schema } } },
    errors: [],
    handle: async ({ principal, response }) => {
      const found = await lists.list(principal.keyId);
      response.set('Cache-Control', 'no-store').json({ [tag]: found.map(all.of) });
    },
  });
}

function putEndpoint<T, B>(kind: ListKind<T, B>, params: Params): Endpoint {
  const { tag, noun, most, lists, errors } = kind;
  const answer = oneAnswer(kind);
  return endpoint({
    ...commonOf(kind),
    method: 'put',
    path: `/${tag}/{name}`,
    params,
    audit: kind.audit.put,
    summary: `Create a ${noun}, or replace it by a new version`,
    description: `A key has at most ${most}. Jobs that were accepted before keep the entries that they have.`,
    body: kind.body,
    answers: { 200: answer, 201: { ...answer, description: `${answer.description} It is new.` } },
    errors: [errors.notFound, errors.full, ...BODY_ERRORS],
    handle: async ({ params: { name }, principal, body, response }) => {
      localsOf(response).metadata.auditTarget = name;
      const entries = kind.entriesOf(body);
      const put = await lists.put(principal.keyId, name, entries, most);
      if (put.outcome === 'full') {
        throw new SottoError(errors.full, `This key has ${most} ${tag}; delete one first.`);
      }
      response.status(put.outcome === 'created' ? 201 : 200).set('Cache-Control', 'no-store');
      response.json(kind.one.of({ name, version: put.version, updatedAtMs: Date.now(), entries }));
    },
  });
}

function findEndpoint<T, B>(kind: ListKind<T, B>, params: Params): Endpoint {
  const { tag, noun, lists, errors } = kind;
  return endpoint({
    ...commonOf(kind),
    method: 'get',
    path: `/${tag}/{name}`,
    isRead: true,
    params,
    summary: `Get a ${noun}`,
    answers: { 200: oneAnswer(kind) },
    errors: [errors.notFound],
    handle: async ({ params: { name }, principal, response }) => {
      const found = await lists.find(principal.keyId, name);
      if (found === null) throw params.notFound();
      response.set('Cache-Control', 'no-store').json(kind.one.of(found));
    },
  });
}

function deleteEndpoint<T, B>(kind: ListKind<T, B>, params: Params): Endpoint {
  const { tag, noun, lists, errors } = kind;
  return endpoint({
    ...commonOf(kind),
    method: 'delete',
    path: `/${tag}/{name}`,
    params,
    audit: kind.audit.delete,
    summary: `Delete a ${noun}`,
    answers: { 204: { description: 'Deleted.', content: {} } },
    errors: [errors.notFound],
    handle: async ({ params: { name }, principal, response }) => {
      localsOf(response).metadata.auditTarget = name;
      if (!(await lists.delete(principal.keyId, name))) throw params.notFound();
      response.status(204).end();
    },
  });
}
