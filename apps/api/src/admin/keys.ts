import {
  keyChangesSchema,
  keyFormSchema,
  keyRotationSchema,
  SottoError,
  toWireKey,
  wireKeyListSchema,
  wireWebhookSecretSchema,
} from '@sotto/contracts';
import type { ApiKeys } from '@sotto/queue';
import type { AddressGuard } from '@sotto/runtime';
import type { z } from 'zod';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { localsOf } from '../http/locals.ts';
import type { ApiSettings } from '../settings/settings.ts';
import { checkWebhookUrl } from '../webhooks/webhook-url.ts';
import { BODY_ERRORS, keyAnswer, keyParams, newKeyAnswer, sendKey, sendSecret } from './key-answers.ts';
import { changesOf, termsOf } from './key-terms.ts';

export interface KeyDeps {
  settings: Pick<ApiSettings, 'webhooksEnabled'>;
  apiKeys: ApiKeys;
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
    summary: 'Make an API key',
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
    summary: 'All API keys, oldest first',
    description: 'Also those that expired or were revoked. Secrets are not kept.',
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
    summary: 'One API key',
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
    description: 'Fields left out stay as they are; null takes a limit away. Holds from the next request on.',
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

function revokeEndpoint({ apiKeys }: KeyDeps): Endpoint {
  return endpoint({
    method: 'delete',
    path: '/admin/keys/{id}',
    tag: 'admin',
    access: 'admin',
    params: keyParams,
    summary: 'Revoke an API key, for good',
    audit: 'key.revoke',
    description: 'At once, everywhere. Its jobs go on; its record stays in the list.',
    answers: { 200: keyAnswer },
    errors: ['key_not_found'],
    handle: async ({ params, response }) => sendKey(response, await apiKeys.revoke(params.id)),
  });
}

function rotateEndpoint({ apiKeys }: KeyDeps): Endpoint {
  return endpoint({
    method: 'post',
    path: '/admin/keys/{id}/rotate',
    tag: 'admin',
    access: 'admin',
    params: keyParams,
    summary: 'Give an API key a new secret',
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
    summary: "Give an API key's webhooks a new secret",
    audit: 'key.webhook_secret',
    description: 'Told only now. With `grace_seconds` they are signed with the old one, too, for so long.',
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
