import {
  type KeyForm,
  type WireKey,
  wireKeyListSchema,
  wireKeySchema,
  wireNewKeySchema,
  wireWebhookSecretSchema,
} from '@sotto/contracts';
import { type AdminOptions, ask } from '../../connection/admin.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { note, result, table } from '../../terminal/output.ts';

export interface CreateKeyOptions extends AdminOptions {
  scopes?: string;
  requestsPerMinute?: number;
  concurrentJobs?: number;
  queuedMinutes?: number;
  heldBytes?: number;
  openUploads?: number;
  minutesPerDay?: number;
  minutesPerMonth?: number;
  charactersPerDay?: number;
  charactersPerMonth?: number;
  models?: string;
  maxDuration?: number;
  weight?: number;
  raisePriority?: boolean;
  keep?: boolean;
  webhookUrl?: string;
  expires?: string;
}

/** The secret alone goes to stdout, so that it can be put where it belongs without being shown. */
export async function createKey(name: string, options: CreateKeyOptions): Promise<ExitCode> {
  const form = {
    name,
    scopes: listOf(options.scopes),
    models: listOf(options.models),
    weight: options.weight,
    requests_per_minute: options.requestsPerMinute,
    concurrent_jobs: options.concurrentJobs,
    queued_minutes: options.queuedMinutes,
    held_bytes: options.heldBytes,
    open_uploads: options.openUploads,
    max_duration_seconds: options.maxDuration,
    audio_minutes_per_day: options.minutesPerDay,
    audio_minutes_per_month: options.minutesPerMonth,
    characters_per_day: options.charactersPerDay,
    characters_per_month: options.charactersPerMonth,
    may_raise_priority: options.raisePriority,
    keep: options.keep,
    webhook_url: options.webhookUrl,
    expires_at: options.expires,
  } satisfies { [Field in keyof KeyForm]?: unknown };
  const made = await ask(wireNewKeySchema, options, 'POST', '/keys', form);
  note(`Key ${made.id} (${made.name}) is created. This is its secret, which is shown only once:`);
  result(made.key);
  if (made.webhook_secret !== undefined)
    note(`Its webhooks are signed with ${made.webhook_secret}, which is shown only once.`);
  return EXIT.ok;
}

export async function listKeys(options: AdminOptions): Promise<ExitCode> {
  const { keys } = await ask(wireKeyListSchema, options, 'GET', '/keys');
  if (keys.length === 0) note('There are no keys except those in the environment. See: sotto keys create --help');
  else result(table([['ID', 'NAME', 'STATUS', 'SCOPES', 'EXPIRES', 'LIMITS'], ...keys.map(rowOf)]));
  return EXIT.ok;
}

export async function rotateKey(id: string, { grace = 0, ...options }: AdminOptions & { grace?: number }) {
  const path = `/keys/${encodeURIComponent(id)}/rotate`;
  const { key } = await ask(wireNewKeySchema, options, 'POST', path, { grace_seconds: grace });
  note(
    grace > 0
      ? `The old secret works for another ${grace} s. The new one:`
      : 'The old secret no longer works. The new one:',
  );
  result(key);
  return EXIT.ok;
}

export async function rotateWebhookSecret(id: string, { grace = 0, ...options }: AdminOptions & { grace?: number }) {
  const path = `/keys/${encodeURIComponent(id)}/webhook-secret`;
  const issued = await ask(wireWebhookSecretSchema, options, 'POST', path, { grace_seconds: grace });
  note(
    grace > 0 ? `The old secret signs as well for another ${grace} s. The new one:` : 'The new secret of its webhooks:',
  );
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
    key.held_bytes === null ? '' : `${key.held_bytes} bytes`,
    key.open_uploads === null ? '' : `${key.open_uploads} open uploads`,
    key.max_duration_seconds === null ? '' : `${key.max_duration_seconds} s each`,
    key.audio_minutes_per_day === null ? '' : `${key.audio_minutes_per_day} min/day`,
    key.audio_minutes_per_month === null ? '' : `${key.audio_minutes_per_month} min/month`,
    key.characters_per_day === null ? '' : `${key.characters_per_day} characters/day`,
    key.characters_per_month === null ? '' : `${key.characters_per_month} characters/month`,
    key.models === null ? '' : key.models.join(' '),
    key.weight === 1 ? '' : `weight ${key.weight}`,
  ];
  const expires = key.expires_at?.slice(0, 16).replace('T', ' ') ?? 'never';
  return [key.id, key.name, key.status, key.scopes.join(' '), expires, limits.filter((text) => text !== '').join(', ')];
}
