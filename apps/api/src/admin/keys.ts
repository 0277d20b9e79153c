import {
  keyChangesSchema,
  keyFormSchema,
  keyRotationSchema,
  SottoError,
  toWireKey,
  wireKeyListSchema,
  wireWebhookSecretSchema,
} from '@sotto/contracts';
import type { ApiKeys, OwnVoices, Voices } from '@sotto/queue';
import type { AddressGuard } from '@sotto/runtime';
import type { BlobStore } from '@sotto/storage';
import type { z } from 'zod';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { BODY_ERRORS } from '../http/json-body.ts';
import { localsOf } from '../http/locals.ts';
import { removeAllVoices } from '../own-voices/remove.ts';
import type { ApiSettings } from '../settings/settings.ts';
import { checkWebhookUrl } from '../webhooks/webhook-url.ts';
import { keyAnswer, keyParams, newKeyAnswer, sendKey, sendSecret } from './key-answers.ts';
import { changesOf, termsOf } from './key-terms.ts';

export interface KeyDeps {
  settings: Pick<ApiSettings, 'webhooksEnabled'>;
  apiKeys: ApiKeys;
  voices: Pick<Voices, 'deleteAll'>;
  ownVoices: OwnVoices;
  storage: BlobStore;
  /** Which addresses a key's webhooks may name. */
  guard: AddressGuard;
}

/** API keys, for operators. */
export function keyEndpoints(deps: KeyDeps): Endpoint[] {
  return [
    createEndpoint(deps),
    listEndpoint(deps),
    findEndpoint(deps),
    changeEndpoint(deps),
    rotateEndpoint(deps),
    webhookSecretEndpoint(deps),
    revokeEndpoint(deps),
  ];
}

function createEndpoint({ apiKeys, guard }: KeyDeps): Endpoint {
  return endpoint({
    method: 'post',
    path: '/admin/keys',
    tag: 'admin',
    access: 'admin',
    summary: 'Create an API key',
    audit: 'key.create',
    body: keyFormSchema,
    answers: { 201: newKeyAnswer },
    errors: [...BODY_ERRORS],
    handle: async ({ body: form, response }) => {
      if (form.webhook_url) checkWebhookUrl(form.webhook_url, true, guard);
      const issued = await apiKeys.create(termsOf(form));
      localsOf(response).metadata.auditTarget = issued.key.id;
      sendSecret(response.status(201), issued);
    },
  });
}

function listEndpoint({ apiKeys }: KeyDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/admin/keys',
    tag: 'admin',
    access: 'admin',
    summary: 'List API keys, oldest first',
    description: 'Includes expired and revoked keys. Secrets are not stored and cannot be shown.',
    answers: { 200: { description: 'The keys.', content: { 'application/json': wireKeyListSchema } } },
    errors: [],
    handle: async ({ response }) => {
      const now = Date.now();
      const keys = (await apiKeys.list()).map((key) => toWireKey(key, now));
      response.set('Cache-Control', 'no-store').json({ keys } satisfies z.infer<typeof wireKeyListSchema>);
    },
  });
}

function findEndpoint({ apiKeys }: KeyDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/admin/keys/{id}',
    tag: 'admin',
    access: 'admin',
    params: keyParams,
    summary: 'Get an API key',
    answers: { 200: keyAnswer },
    errors: ['key_not_found'],
    handle: async ({ params, response }) => sendKey(response, await apiKeys.find(params.id)),
  });
}

function changeEndpoint({ settings, apiKeys, guard }: KeyDeps): Endpoint {
  return endpoint({
    method: 'post',
    path: '/admin/keys/{id}',
    tag: 'admin',
    access: 'admin',
    params: keyParams,
    summary: 'Change an API key',
    audit: 'key.change',
    description: 'Fields left out stay as they are; null removes a limit. Takes effect with the next request.',
    body: keyChangesSchema,
    answers: { 200: keyAnswer },
    errors: ['key_not_found', ...BODY_ERRORS],
    handle: async ({ params, body: form, response }) => {
      const before = await apiKeys.find(params.id);
      const canSign = settings.webhooksEnabled || before?.hasWebhookSecret === true;
      if (before && form.webhook_url) checkWebhookUrl(form.webhook_url, canSign, guard);
      sendKey(response, before && (await apiKeys.change(before.id, changesOf(form, before))));
    },
  });
}

function revokeEndpoint({ apiKeys, voices, ownVoices, storage }: KeyDeps): Endpoint {
  return endpoint({
    method: 'delete',
    path: '/admin/keys/{id}',
    tag: 'admin',
    access: 'admin',
    params: keyParams,
    summary: 'Revoke an API key permanently',
    audit: 'key.revoke',
    description:
      'Takes effect immediately, everywhere. Its jobs continue; the key stays in the list. Voices that it has stored are deleted.',
    answers: { 200: keyAnswer },
    errors: ['key_not_found'],
    handle: async ({ params, response }) => {
      const revoked = await apiKeys.revoke(params.id);
      // Nobody else could.
      if (revoked !== null) {
        await voices.deleteAll(params.id);
        await removeAllVoices(params.id, { ownVoices, storage });
      }
      sendKey(response, revoked);
    },
  });
}

function rotateEndpoint({ apiKeys }: KeyDeps): Endpoint {
  return endpoint({
    method: 'post',
    path: '/admin/keys/{id}/rotate',
    tag: 'admin',
    access: 'admin',
    params: keyParams,
    summary: 'Rotate the secret of an API key',
    audit: 'key.rotate',
    body: keyRotationSchema,
    answers: { 200: newKeyAnswer },
    errors: ['key_not_found', ...BODY_ERRORS],
    handle: async ({ params, body: { grace_seconds: graceSeconds = 0 }, response }) => {
      const issued = await apiKeys.rotate(params.id, graceSeconds);
      if (issued === null) throw new SottoError('key_not_found', 'No active key has this id.');
      sendSecret(response, issued);
    },
  });
}

function webhookSecretEndpoint({ apiKeys }: KeyDeps): Endpoint {
  return endpoint({
    method: 'post',
    path: '/admin/keys/{id}/webhook-secret',
    tag: 'admin',
    access: 'admin',
    params: keyParams,
    summary: 'Rotate the webhook secret of an API key',
    audit: 'key.webhook_secret',
    description: 'The new secret is shown only once. For `grace_seconds`, webhooks are also signed with the old one.',
    body: keyRotationSchema,
    answers: { 200: { description: 'The secret.', content: { 'application/json': wireWebhookSecretSchema } } },
    errors: ['key_not_found', ...BODY_ERRORS],
    handle: async ({ params, body: { grace_seconds: graceSeconds = 0 }, response }) => {
      const issued = await apiKeys.rotateWebhookSecret(params.id, graceSeconds);
      if (issued === null) throw new SottoError('key_not_found', 'No active key has this id.');
      response.set('Cache-Control', 'no-store').json({ id: issued.key.id, webhook_secret: issued.webhookSecret });
    },
  });
}
