import {
  type ApiKey,
  keyStatus,
  type OwnKeyForm,
  ownKeyFormSchema,
  SottoError,
  toIso,
  toIsoOrNull,
  type WireNewOwnKey,
  type WireOwnKey,
  type WireOwnKeyList,
  wireNewOwnKeySchema,
  wireOwnKeyListSchema,
} from '@sotto/contracts';
import type { ApiKeys, KeyTerms } from '@sotto/queue';
import { keyParams } from '../admin/key-answers.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { BODY_ERRORS } from '../http/json-body.ts';
import { localsOf } from '../http/locals.ts';
import type { Principal } from '../http/principal.ts';
import { userIdOf, userInPerson } from './signed-in-user.ts';

export interface OwnKeyDeps {
  apiKeys: ApiKeys;
}

const MOST_KEYS = 20;

/** Keys that users make for their programs. */
export function ownKeyEndpoints(deps: OwnKeyDeps): Endpoint[] {
  return [listEndpoint(deps), createEndpoint(deps), deleteEndpoint(deps)];
}

function listEndpoint({ apiKeys }: OwnKeyDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/auth/keys',
    tag: 'sign-in',
    access: 'key',
    summary: 'Your API keys, oldest first',
    description: 'Secrets are not stored and cannot be shown.',
    answers: { 200: { description: 'The keys.', content: { 'application/json': wireOwnKeyListSchema } } },
    errors: ['forbidden'],
    handle: async ({ principal, response }) => {
      const keys = (await apiKeys.listOf(userIdOf(principal))).map(toWireOwnKey);
      response.set('Cache-Control', 'no-store').json({ keys } satisfies WireOwnKeyList);
    },
  });
}

function createEndpoint({ apiKeys }: OwnKeyDeps): Endpoint {
  return endpoint({
    method: 'post',
    path: '/auth/keys',
    tag: 'sign-in',
    access: 'key',
    summary: 'Make an API key for your programs',
    description: `It opens your account: the same jobs, limits and quotas. At most ${MOST_KEYS}. In a session only.`,
    audit: 'key.create',
    body: ownKeyFormSchema,
    answers: {
      201: {
        description: 'The key with its secret, which is shown only this once.',
        content: { 'application/json': wireNewOwnKeySchema },
      },
    },
    errors: ['forbidden', 'keys_full', ...BODY_ERRORS],
    handle: async ({ principal, body, response }) => {
      const userId = userInPerson(principal);
      const terms = termsOf(body, userId, principal);
      if ((await apiKeys.listOf(userId)).length >= MOST_KEYS) {
        throw new SottoError('keys_full', `You have ${MOST_KEYS} keys; delete one first.`);
      }
      const { key, secret } = await apiKeys.create(terms);
      localsOf(response).metadata.auditTarget = key.id;
      const made: WireNewOwnKey = { ...toWireOwnKey(key), key: secret };
      response.status(201).set('Cache-Control', 'no-store').json(made);
    },
  });
}

/** @throws SottoError `forbidden` for a scope that the user does not have. */
function termsOf(form: OwnKeyForm, userId: string, { scopes: own, key: user }: Principal): KeyTerms {
  const scopes = form.scopes ?? own.filter((scope) => scope === 'transcribe' || scope === 'read');
  const beyond = scopes.find((scope) => !own.includes(scope));
  if (beyond !== undefined) throw new SottoError('forbidden', `You do not have the scope "${beyond}" yourself.`);
  if (user === null) throw new Error('a user without a record of what the user may do');
  return {
    name: form.name,
    userId,
    scopes,
    // The user's own hold, whatever stands here. An older version of the API reads these.
    limits: user.limits,
    weight: user.weight,
    mayRaisePriority: user.mayRaisePriority,
    keep: user.keep,
    webhookUrl: null,
    expiresAtMs: form.expires_at ? Date.parse(form.expires_at) : null,
  };
}

function deleteEndpoint({ apiKeys }: OwnKeyDeps): Endpoint {
  return endpoint({
    method: 'delete',
    path: '/auth/keys/{id}',
    tag: 'sign-in',
    access: 'key',
    params: keyParams,
    summary: 'Delete one of your API keys',
    description: 'Takes effect at once, everywhere. What was done with it stays yours. In a session only.',
    audit: 'key.revoke',
    answers: { 204: { description: 'Deleted.', content: {} } },
    errors: ['forbidden', 'key_not_found'],
    handle: async ({ principal, params, response }) => {
      if (!(await apiKeys.remove(userInPerson(principal), params.id))) throw keyParams.notFound();
      response.status(204).end();
    },
  });
}

function toWireOwnKey(key: ApiKey): WireOwnKey {
  return {
    id: key.id,
    name: key.name,
    status: keyStatus(key, Date.now()),
    scopes: key.scopes,
    created_at: toIso(key.createdAtMs),
    expires_at: toIsoOrNull(key.expiresAtMs),
  };
}
