import {
  errorBodySchema,
  type WireKey,
  wireKeyListSchema,
  wireKeySchema,
  wireNewKeySchema,
  wireUsageReportSchema,
  wireWebhookSecretSchema,
} from '@sotto/contracts';
import type { z } from 'zod';
import { CommandError, EXIT, type ExitCode } from '../exit-codes.ts';
import { readSettings } from '../settings.ts';
import { note, result, table } from '../terminal/output.ts';

export interface AdminOptions {
  server?: string;
  adminKey?: string;
}

export interface CreateKeyOptions extends AdminOptions {
  scopes?: string;
  requestsPerMinute?: number;
  concurrentJobs?: number;
  queuedMinutes?: number;
  minutesPerDay?: number;
  minutesPerMonth?: number;
  models?: string;
  maxDuration?: number;
  weight?: number;
  raisePriority?: boolean;
  webhookUrl?: string;
  expires?: string;
}

/** The secret alone goes to stdout, so that it can be put where it belongs without being shown. */
export async function createKey(name: string, options: CreateKeyOptions): Promise<ExitCode> {
  const form = {
    ...{ name, scopes: listOf(options.scopes), models: listOf(options.models), weight: options.weight },
    ...{ requests_per_minute: options.requestsPerMinute, concurrent_jobs: options.concurrentJobs },
    ...{ queued_minutes: options.queuedMinutes, max_duration_seconds: options.maxDuration },
    ...{ audio_minutes_per_day: options.minutesPerDay, audio_minutes_per_month: options.minutesPerMonth },
    ...{ may_raise_priority: options.raisePriority, webhook_url: options.webhookUrl, expires_at: options.expires },
  };
  const made = await ask(wireNewKeySchema, options, 'POST', '/keys', form);
  note(`Key ${made.id} (${made.name}). Its secret is told only now:`);
  result(made.key);
  if (made.webhook_secret !== undefined) note(`Its webhooks are signed with ${made.webhook_secret}, told only now.`);
  return EXIT.ok;
}

export async function listKeys(options: AdminOptions): Promise<ExitCode> {
  const { keys } = await ask(wireKeyListSchema, options, 'GET', '/keys');
  if (keys.length === 0) note('There are no keys but those of the environment. See: sotto keys create --help');
  else result(table([['ID', 'NAME', 'STATUS', 'SCOPES', 'EXPIRES', 'LIMITS'], ...keys.map(rowOf)]));
  return EXIT.ok;
}

export async function rotateKey(id: string, { grace = 0, ...options }: AdminOptions & { grace?: number }) {
  const path = `/keys/${encodeURIComponent(id)}/rotate`;
  const { key } = await ask(wireNewKeySchema, options, 'POST', path, { grace_seconds: grace });
  note(grace > 0 ? `The old secret works for ${grace} s more. The new one:` : 'The old secret is void. The new one:');
  result(key);
  return EXIT.ok;
}

export async function rotateWebhookSecret(id: string, { grace = 0, ...options }: AdminOptions & { grace?: number }) {
  const path = `/keys/${encodeURIComponent(id)}/webhook-secret`;
  const issued = await ask(wireWebhookSecretSchema, options, 'POST', path, { grace_seconds: grace });
  note(grace > 0 ? `For ${grace} s more the old secret signs too. The new one:` : 'The new secret of its webhooks:');
  result(issued.webhook_secret);
  return EXIT.ok;
}

export async function revokeKeys(ids: readonly string[], options: AdminOptions): Promise<ExitCode> {
  for (const id of ids) {
    const { name } = await ask(wireKeySchema, options, 'DELETE', `/keys/${encodeURIComponent(id)}`);
    note(`${id} (${name}) is revoked.`);
  }
  return EXIT.ok;
}

export interface UsageOptions extends AdminOptions {
  from?: string;
  to?: string;
  csv?: boolean;
}

/** What keys used, a line for each key and day, and the sum. */
export async function showUsage(options: UsageOptions): Promise<ExitCode> {
  const query = new URLSearchParams({
    ...(options.from && { from: options.from }),
    ...(options.to && { to: options.to }),
  });
  if (options.csv) {
    query.set('format', 'csv');
    process.stdout.write(await (await reach(options, 'GET', `/admin/usage?${query}`)).text());
    return EXIT.ok;
  }
  const { days, total, currency, from, to } = await ask(wireUsageReportSchema, options, 'GET', `/usage?${query}`);
  if (days.length === 0) {
    note(`Nothing was used from ${from} to ${to}.`);
    return EXIT.ok;
  }
  const rows = [...days, { day: 'all', name: '', key_id: null, ...total }].map((day) => [
    ...[day.day, day.name ?? '(no key)', String(day.requests), (day.audio_seconds / 60).toFixed(1)],
    ...[day.processing_seconds.toFixed(1), day.cost.toFixed(2)],
  ]);
  result(table([['DAY', 'KEY', 'REQUESTS', 'AUDIO MIN', 'ENGINE S', `COST ${currency}`], ...rows]));
  return EXIT.ok;
}

const listOf = (text: string | undefined): string[] | undefined =>
  text
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

function rowOf(key: WireKey): string[] {
  const limits = [
    key.requests_per_minute === null ? '' : `${key.requests_per_minute} requests/min`,
    key.concurrent_jobs === null ? '' : `${key.concurrent_jobs} jobs`,
    key.queued_minutes === null ? '' : `${key.queued_minutes} min queued`,
    key.max_duration_seconds === null ? '' : `${key.max_duration_seconds} s each`,
    key.audio_minutes_per_day === null ? '' : `${key.audio_minutes_per_day} min/day`,
    key.audio_minutes_per_month === null ? '' : `${key.audio_minutes_per_month} min/month`,
    key.models === null ? '' : key.models.join(' '),
    key.weight === 1 ? '' : `weight ${key.weight}`,
  ];
  const expires = key.expires_at?.slice(0, 16).replace('T', ' ') ?? 'never';
  return [key.id, key.name, key.status, key.scopes.join(' '), expires, limits.filter((text) => text !== '').join(', ')];
}

/** @throws CommandError as `reach` does. */
async function ask<T extends z.ZodType>(
  schema: T,
  options: AdminOptions,
  method: string,
  path: string,
  body?: object,
): Promise<z.output<T>> {
  return schema.parse(await (await reach(options, method, `/admin${path}`, body)).json());
}

/** @throws CommandError when there is no service, it turns us away, or it refuses the request. */
async function reach(options: AdminOptions, method: string, path: string, body?: object): Promise<Response> {
  const settings = readSettings(process.env);
  const server = options.server ?? settings.server ?? `http://${settings.host}:${settings.port}`;
  const key = options.adminKey ?? settings.adminApiKey ?? settings.apiKey;
  const response = await fetch(server.replace(/\/+$/, '') + path, {
    method,
    headers: { ...(key !== null && { 'X-API-Key': key }), ...(body && { 'Content-Type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    throw new CommandError(`No service answers at ${server}.`, EXIT.unreachable, { cause });
  });
  if (response.ok) return response;
  const refused = errorBodySchema.safeParse(await response.json().catch(() => null));
  const words = refused.success ? `${refused.data.message} ${refused.data.detail}` : `status ${response.status}`;
  const isTurnedAway = response.status === 401 || response.status === 403;
  throw new CommandError(`${server} refuses: ${words}`, isTurnedAway ? EXIT.unreachable : EXIT.failed);
}
