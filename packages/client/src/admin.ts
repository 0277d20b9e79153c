import type * as z from 'zod';
import {
  type AuditAction,
  type KeyChanges,
  type KeyForm,
  type Status,
  type WireAdminJob,
  type WireAdminJobList,
  type WireAdminModels,
  type WireAdminWebhook,
  type WireAdminWebhookList,
  type WireAuditPage,
  type WireFeedbackList,
  type WireKey,
  type WireKeyQuotas,
  type WireModelOperation,
  type WireNewKey,
  type WireOverview,
  type WireUsageReport,
  type WireVoiceUsage,
  type WireWorker,
  wireAdminModelsSchema,
  wireAdminWebhookListSchema,
  wireAdminWebhookSchema,
  wireAuditPageSchema,
  wireFeedbackListSchema,
  wireKeyListSchema,
  wireKeyQuotasSchema,
  wireKeySchema,
  wireModelOperationListSchema,
  wireModelOperationSchema,
  wireNewKeySchema,
  wireOverviewSchema,
  wireUsageReportSchema,
  wireVoiceUsageSchema,
  wireWebhookSecretSchema,
  wireWorkerListSchema,
  wireWorkerSchema,
} from '#wire';
import { adminJobListSchema, adminJobSchema } from './answers.ts';
import type { Call, Http } from './http.ts';

export interface AdminJobsOptions extends Call {
  status?: Status;
  /** Id of an API key. */
  ofKey?: string;
  cursor?: string;
  limit?: number;
}

export interface AuditOptions extends Call {
  action?: AuditAction;
  /** Id of an API key. */
  ofKey?: string;
  cursor?: string;
  limit?: number;
}

export interface UsageOptions extends Call {
  /** First and last day of UTC, as `2026-11-21`. Default: the last 30 days. */
  from?: string;
  to?: string;
}

type Method = 'GET' | 'POST' | 'DELETE';
type Query = Readonly<Record<string, string | number | undefined>>;

/**
 * What operators do (`/admin`): with the admin key, a key that has the scope `admin`, or an operator's session; others are refused
 * with `forbidden`. Methods reject as those of SottoClient do.
 */
export class Admin {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** The whole service at one moment. */
  overview(call: Call = {}): Promise<WireOverview> {
    return this.#ask('GET', '/overview', wireOverviewSchema, call);
  }

  /** Jobs of all keys, newest first; `next_cursor` is null on the last page. */
  jobs({ signal, ofKey, ...query }: AdminJobsOptions = {}): Promise<WireAdminJobList> {
    return this.#ask('GET', '/jobs', adminJobListSchema, callOf(signal), { ...query, key_id: ofKey });
  }

  /** Brings a job before all that wait in the batch lane. One that has ended stays as it is. */
  raiseJob(jobId: string, call: Call = {}): Promise<WireAdminJob> {
    return this.#ask('POST', `/jobs/${encodeURIComponent(jobId)}/raise`, adminJobSchema, call);
  }

  /** Cancels a job that is running and gives its status; a job that has ended is deleted with its result (null). */
  async cancelJob(jobId: string, call: Call = {}): Promise<WireAdminJob | null> {
    const { url, response } = await this.#send('DELETE', `/jobs/${encodeURIComponent(jobId)}`, call);
    return response.status === 204 ? null : this.#http.json(url, response, adminJobSchema, call.signal);
  }

  /** Webhooks of jobs of all keys with every call, newest job first. */
  webhooks({ signal, ofKey, ...query }: Omit<AdminJobsOptions, 'status'> = {}): Promise<WireAdminWebhookList> {
    return this.#ask('GET', '/webhooks', wireAdminWebhookListSchema, callOf(signal), { ...query, key_id: ofKey });
  }

  /** Delivers the webhook of a job that has ended once more. */
  replayWebhook(jobId: string, call: Call = {}): Promise<WireAdminWebhook> {
    return this.#ask('POST', `/jobs/${encodeURIComponent(jobId)}/webhooks/replay`, wireAdminWebhookSchema, call);
  }

  async workers(call: Call = {}): Promise<WireWorker[]> {
    return (await this.#ask('GET', '/workers', wireWorkerListSchema, call)).workers;
  }

  /** The worker finishes what it has and takes nothing new, until `resumeWorker` or until it starts anew. */
  drainWorker(id: string, call: Call = {}): Promise<WireWorker> {
    return this.#ask('POST', `/workers/${encodeURIComponent(id)}/drain`, wireWorkerSchema, call);
  }

  resumeWorker(id: string, call: Call = {}): Promise<WireWorker> {
    return this.#ask('DELETE', `/workers/${encodeURIComponent(id)}/drain`, wireWorkerSchema, call);
  }

  models(call: Call = {}): Promise<WireAdminModels> {
    return this.#ask('GET', '/models', wireAdminModelsSchema, call);
  }

  /** Of requests that name no model. null: as each worker was configured. */
  setDefaultModel(model: string | null, call: Call = {}): Promise<WireAdminModels> {
    return this.#ask('POST', '/models/default', wireAdminModelsSchema, call, {}, { model });
  }

  /** Keeps a model in the memory of every worker that has it, or no longer. */
  preloadModel(name: string, isKept: boolean, call: Call = {}): Promise<WireAdminModels> {
    const method = isKept ? 'POST' : 'DELETE';
    return this.#ask(method, `/models/${encodeURIComponent(name)}/preload`, wireAdminModelsSchema, call);
  }

  /** Has every worker fetch a model of the catalogue. `modelOperations` tells how far they are. */
  installModel(name: string, call: Call = {}): Promise<WireModelOperation> {
    return this.#ask('POST', `/models/${encodeURIComponent(name)}/install`, wireModelOperationSchema, call);
  }

  /** Has every worker compare its file with the catalogue. */
  verifyModel(name: string, call: Call = {}): Promise<WireModelOperation> {
    return this.#ask('POST', `/models/${encodeURIComponent(name)}/verify`, wireModelOperationSchema, call);
  }

  removeModel(name: string, call: Call = {}): Promise<WireModelOperation> {
    return this.#ask('DELETE', `/models/${encodeURIComponent(name)}`, wireModelOperationSchema, call);
  }

  /** The last operation on each model, of the last day. */
  async modelOperations(call: Call = {}): Promise<WireModelOperation[]> {
    return (await this.#ask('GET', '/model-operations', wireModelOperationListSchema, call)).operations;
  }

  /** Oldest first, with those that have expired or been revoked. */
  async keys(call: Call = {}): Promise<WireKey[]> {
    return (await this.#ask('GET', '/keys', wireKeyListSchema, call)).keys;
  }

  /** The answer has the secret, which is told only this once. */
  createKey(form: KeyForm, call: Call = {}): Promise<WireNewKey> {
    return this.#ask('POST', '/keys', wireNewKeySchema, call, {}, form);
  }

  /** What is left out stays as it is; null removes a limit. */
  changeKey(id: string, changes: KeyChanges, call: Call = {}): Promise<WireKey> {
    return this.#ask('POST', `/keys/${encodeURIComponent(id)}`, wireKeySchema, call, {}, changes);
  }

  /** A new secret; the old one works for `graceSeconds` more. */
  rotateKey(id: string, graceSeconds = 0, call: Call = {}): Promise<WireNewKey> {
    const body = { grace_seconds: graceSeconds };
    return this.#ask('POST', `/keys/${encodeURIComponent(id)}/rotate`, wireNewKeySchema, call, {}, body);
  }

  /** A new secret that the key's webhooks are signed with. */
  rotateWebhookSecret(id: string, graceSeconds = 0, call: Call = {}): Promise<{ id: string; webhook_secret: string }> {
    const body = { grace_seconds: graceSeconds };
    return this.#ask('POST', `/keys/${encodeURIComponent(id)}/webhook-secret`, wireWebhookSecretSchema, call, {}, body);
  }

  /** For good. */
  revokeKey(id: string, call: Call = {}): Promise<WireKey> {
    return this.#ask('DELETE', `/keys/${encodeURIComponent(id)}`, wireKeySchema, call);
  }

  /** By key and day. */
  usage({ signal, ...query }: UsageOptions = {}): Promise<WireUsageReport> {
    return this.#ask('GET', '/usage', wireUsageReportSchema, callOf(signal), query);
  }

  /** What voices have spoken for all keys, by day. */
  voiceUsage({ signal, ...query }: UsageOptions = {}): Promise<WireVoiceUsage> {
    return this.#ask('GET', '/usage/voices', wireVoiceUsageSchema, callOf(signal), query);
  }

  /** What readers of the library think of their transcripts, newest first. @param limit 1000 at most; absent: 100 */
  async feedback({ signal, limit }: Call & { limit?: number } = {}): Promise<WireFeedbackList['feedback']> {
    return (await this.#ask('GET', '/feedback', wireFeedbackListSchema, callOf(signal), { limit })).feedback;
  }

  async quotas(call: Call = {}): Promise<WireKeyQuotas['quotas']> {
    return (await this.#ask('GET', '/quotas', wireKeyQuotasSchema, call)).quotas;
  }

  /** Newest first. A page may be empty and still have a `next_cursor`. */
  audit({ signal, ofKey, ...query }: AuditOptions = {}): Promise<WireAuditPage> {
    return this.#ask('GET', '/audit', wireAuditPageSchema, callOf(signal), { ...query, key_id: ofKey });
  }

  async #ask<S extends z.ZodType>(
    method: Method,
    path: string,
    schema: S,
    call: Call,
    query: Query = {},
    body?: object,
  ): Promise<z.output<S>> {
    const { url, response } = await this.#send(method, path, call, query, body);
    return this.#http.json(url, response, schema, call.signal);
  }

  async #send(method: Method, path: string, call: Call, query: Query = {}, body?: object) {
    const url = this.#http.url(`/admin${path}`, query);
    const request =
      body === undefined
        ? { method }
        : { method, headers: this.#http.headers({ 'content-type': 'application/json' }), body: JSON.stringify(body) };
    return { url, response: await this.#http.request(url, request, call) };
  }
}

const callOf = (signal: AbortSignal | undefined): Call => (signal === undefined ? {} : { signal });
