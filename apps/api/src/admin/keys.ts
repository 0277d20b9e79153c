import {
  type ApiKey,
  type ErrorCode,
  type KeyChanges,
  type KeyForm,
  type KeyLimits,
  keyChangesSchema,
  keyFormSchema,
  keyRotationSchema,
  NO_KEY_LIMITS,
  SottoError,
  toWireKey,
  type WireNewKey,
  wireKeyListSchema,
  wireKeySchema,
  wireNewKeySchema,
  wireWebhookSecretSchema,
} from '@sotto/contracts';
import type { ApiKeys, IssuedKey, KeyTerms } from '@sotto/queue';
import type { AddressGuard } from '@sotto/runtime';
import type { Response } from 'express';
import { z } from 'zod';
import type { Answer } from '../http/description.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { localsOf } from '../http/locals.ts';
import { PathParams } from '../http/path-params.ts';
import type { ApiSettings } from '../settings/settings.ts';
import { checkWebhookUrl } from '../webhooks/webhook-url.ts';

export interface KeyDeps {
  settings: Pick<ApiSettings, 'webhooksEnabled'>;
  apiKeys: ApiKeys;
  /** Which addresses a key's webhooks may name. */
  guard: AddressGuard;
}

const keyParams = new PathParams(
  z.object({ id: z.string().max(32).meta({ description: 'Id of a key, as the list tells it.' }) }),
  'key_not_found',
  'No key has this id.',
);
const keyAnswer: Answer = { description: 'The key.', content: { 'application/json': wireKeySchema } };
const newKeyAnswer: Answer = {
  description: 'The key, with its secret: the only time it is told.',
  content: { 'application/json': wireNewKeySchema },
};
const BODY_ERRORS: ErrorCode[] = ['unsupported_media_type', 'invalid_parameter'];

/** API keys, for operators. */
export function keyEndpoints({ settings, apiKeys, guard }: KeyDeps): Endpoint[] {
  return [
    endpoint({
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
    }),
    endpoint({
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
    }),
    endpoint({
      method: 'get',
      path: '/admin/keys/{id}',
      tag: 'admin',
      access: 'admin',
      params: keyParams,
      summary: 'One API key',
      answers: { 200: keyAnswer },
      errors: ['key_not_found'],
      handle: async ({ params, response }) => sendKey(response, await apiKeys.find(params.id)),
    }),
    endpoint({
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
    }),
    rotateEndpoint(apiKeys),
    webhookSecretEndpoint(apiKeys),
    endpoint({
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
    }),
  ];
}

function rotateEndpoint(apiKeys: ApiKeys): Endpoint {
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

function webhookSecretEndpoint(apiKeys: ApiKeys): Endpoint {
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

function sendKey(response: Response, key: ApiKey | null): void {
  if (key === null) throw keyParams.notFound();
  response.set('Cache-Control', 'no-store').json(toWireKey(key, Date.now()));
}

function sendSecret(response: Response, { key, secret, webhookSecret }: IssuedKey): void {
  const told = webhookSecret === null ? {} : { webhook_secret: webhookSecret };
  const body: WireNewKey = { ...toWireKey(key, Date.now()), key: secret, ...told };
  response.set('Cache-Control', 'no-store').json(body);
}

function termsOf(form: KeyForm): KeyTerms {
  const { name, scopes = ['transcribe', 'read'], weight = 1, may_raise_priority: mayRaisePriority = false } = form;
  const limits = limitsOf(form, NO_KEY_LIMITS);
  return {
    name,
    scopes,
    weight,
    mayRaisePriority,
    limits,
    webhookUrl: form.webhook_url ?? null,
    expiresAtMs: expiryOf(form),
  };
}

function changesOf(form: KeyChanges, before: ApiKey): Partial<KeyTerms> {
  return {
    ...(form.name !== undefined && { name: form.name }),
    ...(form.scopes !== undefined && { scopes: form.scopes }),
    ...(form.weight !== undefined && { weight: form.weight }),
    ...(form.may_raise_priority !== undefined && { mayRaisePriority: form.may_raise_priority }),
    ...(form.webhook_url !== undefined && { webhookUrl: form.webhook_url }),
    ...(form.expires_at !== undefined && { expiresAtMs: expiryOf(form) }),
    limits: limitsOf(form, before.limits),
  };
}

const expiryOf = ({ expires_at: text }: KeyChanges): number | null =>
  text === undefined || text === null ? null : Date.parse(text);

/** The one place where wire names become limits; a field left out keeps what was. */
function limitsOf(form: KeyChanges, before: KeyLimits): KeyLimits {
  const chosen = <T>(asked: T | undefined, was: T): T => (asked === undefined ? was : asked);
  return {
    requestsPerMinute: chosen(form.requests_per_minute, before.requestsPerMinute),
    concurrentJobs: chosen(form.concurrent_jobs, before.concurrentJobs),
    queuedMinutes: chosen(form.queued_minutes, before.queuedMinutes),
    models: chosen(form.models, before.models),
    maxDurationSeconds: chosen(form.max_duration_seconds, before.maxDurationSeconds),
    audioMinutesPerDay: chosen(form.audio_minutes_per_day, before.audioMinutesPerDay),
    audioMinutesPerMonth: chosen(form.audio_minutes_per_month, before.audioMinutesPerMonth),
  };
}
