import { randomBytes } from 'node:crypto';
import { type ApiKey, apiKeySchema, keyStatus, NO_KEY_LIMITS } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { reach, replies } from '../redis/faults.ts';
import { hashOf } from '../redis/hash.ts';
import { Keys } from '../redis/keys.ts';
import { runScript } from '../redis/scripts.ts';
import type { QueueSettings } from '../redis/settings.ts';
import { hashOfSecret, newSecret, newWebhookSecret } from './key-secret.ts';

const ID_BYTES = 6;

/** What is decided when a key is created. */
export type KeyTerms = Pick<
  ApiKey,
  'name' | 'userId' | 'scopes' | 'limits' | 'weight' | 'mayRaisePriority' | 'keep' | 'webhookUrl' | 'expiresAtMs'
>;

/** A key with its secret, which is shown once and stored nowhere. */
export interface IssuedKey {
  key: ApiKey;
  secret: string;
  /** Signs its webhooks. null: it has none, or keeps the one it has. */
  webhookSecret: string | null;
}

/**
 * API keys: active until they expire or are revoked, which cannot be undone. The record stays afterwards, so that usage
 * and audit entries keep the name of their key. Changes apply in every process from the next request on.
 */
export class ApiKeys {
  readonly #redis: Redis;
  readonly #keys: Keys;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
  }

  async create(terms: KeyTerms): Promise<IssuedKey> {
    const id = randomBytes(ID_BYTES).toString('hex');
    const secret = newSecret();
    const webhookSecret = terms.webhookUrl === null ? null : newWebhookSecret();
    const hasWebhookSecret = webhookSecret !== null;
    const key: ApiKey = {
      ...terms,
      id,
      hasWebhookSecret,
      createdAtMs: Date.now(),
      rotatedAtMs: null,
      revokedAtMs: null,
    };
    const hash = hashOfSecret(secret);
    const writes = this.#redis
      .multi()
      .hset(this.#keys.access.apiKey(id), { ...fieldsOf(key), hash, ...(webhookSecret !== null && { webhookSecret }) })
      .set(this.#keys.access.keyHash(hash), id)
      .zadd(this.#keys.access.apiKeys, key.createdAtMs, id);
    if (key.userId !== null) writes.zadd(this.#keys.access.keysOf(key.userId), key.createdAtMs, id);
    await replies(writes);
    return { key, secret, webhookSecret };
  }

  async find(id: string): Promise<ApiKey | null> {
    return keyOf(await reach(this.#redis.hgetall(this.#keys.access.apiKey(id))));
  }

  /** The key with this secret, even if it has expired or been revoked. null: there is none. */
  identify(secret: string): Promise<ApiKey | null> {
    return this.identifyHash(hashOfSecret(secret));
  }

  /** The same, by the hash of the secret (hashOfSecret). */
  async identifyHash(hash: string): Promise<ApiKey | null> {
    const reply = await runScript(this.#redis, 'find-key', [this.#keys.access.keyHash(hash)], {
      keyStem: this.#keys.access.apiKeyStem,
      hash,
    });
    return keyOf(hashOf(reply));
  }

  /** Oldest first. */
  list(): Promise<ApiKey[]> {
    return this.#listed(this.#keys.access.apiKeys);
  }

  /** Those that a user has made, oldest first. */
  listOf(userId: string): Promise<ApiKey[]> {
    return this.#listed(this.#keys.access.keysOf(userId));
  }

  /**
   * Removes a key that this user has made: what is done with it is on the user's account, so nothing needs its record. false: the
   * user has none with this id.
   */
  async remove(userId: string, id: string): Promise<boolean> {
    const keysOf = this.#keys.access.keysOf(userId);
    if ((await reach(this.#redis.zscore(keysOf, id))) === null) return false;
    const record = this.#keys.access.apiKey(id);
    const hash = await reach(this.#redis.hget(record, 'hash'));
    const writes = this.#redis.multi().del(record).zrem(this.#keys.access.apiKeys, id).zrem(keysOf, id);
    if (hash !== null) writes.del(this.#keys.access.keyHash(hash));
    await replies(writes);
    return true;
  }

  async #listed(names: string): Promise<ApiKey[]> {
    const ids = await reach(this.#redis.zrange(names, '0', '-1'));
    const keys = await Promise.all(ids.map((id) => this.find(id)));
    return keys.filter((key) => key !== null);
  }

  /** null: there is no such key. */
  async change(id: string, terms: Partial<KeyTerms>): Promise<ApiKey | null> {
    return this.#write(id, (key) => ({ ...key, ...terms }));
  }

  /** Gives it a new secret; the old one works for another `graceSeconds`. null: no such key, or it is not active. */
  async rotate(id: string, graceSeconds: number): Promise<IssuedKey | null> {
    const key = await this.find(id);
    if (key === null || keyStatus(key, Date.now()) !== 'active') return null;
    const secret = newSecret();
    const hash = hashOfSecret(secret);
    const names = [this.#keys.access.apiKey(id), this.#keys.access.keyHash(hash)];
    const outcome = await runScript(this.#redis, 'rotate-key', names, {
      keyId: id,
      hash,
      graceMs: Math.round(graceSeconds * 1000),
      now: Date.now(),
      hashStem: this.#keys.access.keyHash(''),
    });
    // It has none to begin with: it is what a user may do.
    if (outcome === 'unknown') return null;
    const rotated = await this.find(id);
    return rotated === null ? null : { key: rotated, secret, webhookSecret: null };
  }

  /**
   * Gives its webhooks a new secret. For another `graceSeconds` they are signed with the old one too, so that a
   * receiver can change over. null: no such key, or it is not active.
   */
  async rotateWebhookSecret(id: string, graceSeconds: number): Promise<{ key: ApiKey; webhookSecret: string } | null> {
    const before = await this.find(id);
    if (before === null || keyStatus(before, Date.now()) !== 'active') return null;
    const webhookSecret = newWebhookSecret();
    const oldEndsAtMs = Date.now() + Math.round(graceSeconds * 1000);
    await runScript(this.#redis, 'rotate-webhook-secret', [this.#keys.access.apiKey(id)], {
      secret: webhookSecret,
      oldEndsAtMs,
    });
    return { key: { ...before, hasWebhookSecret: true }, webhookSecret };
  }

  /** The secrets that sign its webhooks now, newest first; empty: it has none of its own. */
  async webhookSecrets(id: string): Promise<string[]> {
    const fields = ['webhookSecret', 'oldWebhookSecret', 'oldWebhookSecretEndsAtMs'];
    const [secret, old, endsAtMs] = await reach(this.#redis.hmget(this.#keys.access.apiKey(id), ...fields));
    const isOldGood = Boolean(old) && Number(endsAtMs) > Date.now();
    return [secret, isOldGood ? old : null].filter((one) => typeof one === 'string' && one !== '') as string[];
  }

  /** Permanently and at once; repeating it changes nothing. null: there is no such key. */
  async revoke(id: string): Promise<ApiKey | null> {
    return this.#write(id, (key) => ({ ...key, revokedAtMs: key.revokedAtMs ?? Date.now() }));
  }

  async #write(id: string, change: (key: ApiKey) => ApiKey): Promise<ApiKey | null> {
    const before = await this.find(id);
    if (before === null) return null;
    const key = change(before);
    // Only what changed: a revocation and a change of limits at the same moment must both apply.
    const old: Record<string, string> = fieldsOf(before);
    const changed = Object.entries(fieldsOf(key)).filter(([field, value]) => old[field] !== value);
    if (changed.length > 0) await reach(this.#redis.hset(this.#keys.access.apiKey(id), Object.fromEntries(changed)));
    return key;
  }
}

const textOf = (ms: number | null): string => (ms === null ? '' : String(ms));
const msOf = (text: string | undefined): number | null => (text === undefined || text === '' ? null : Number(text));

/** As Redis keeps it. */
export function fieldsOf(key: ApiKey) {
  return {
    id: key.id,
    name: key.name,
    userId: key.userId ?? '',
    scopes: key.scopes.join(','),
    limits: JSON.stringify(key.limits),
    weight: String(key.weight),
    mayRaisePriority: key.mayRaisePriority ? '1' : '0',
    keep: key.keep ? '1' : '0',
    webhookUrl: key.webhookUrl ?? '',
    createdAtMs: String(key.createdAtMs),
    rotatedAtMs: textOf(key.rotatedAtMs),
    expiresAtMs: textOf(key.expiresAtMs),
    revokedAtMs: textOf(key.revokedAtMs),
  };
}

function keyOf(hash: Record<string, string>): ApiKey | null {
  if (hash.id === undefined) return null;
  return apiKeySchema.parse({
    id: hash.id,
    name: hash.name,
    // A key made before there were users has no such field.
    userId: hash.userId || null,
    scopes: hash.scopes?.split(','),
    // A key made before a limit existed has none of it.
    limits: { ...NO_KEY_LIMITS, ...JSON.parse(hash.limits ?? 'null') },
    weight: Number(hash.weight),
    mayRaisePriority: hash.mayRaisePriority === '1',
    // Not there of a key made before there was a library.
    keep: hash.keep === '1',
    webhookUrl: hash.webhookUrl || null,
    hasWebhookSecret: Boolean(hash.webhookSecret),
    createdAtMs: Number(hash.createdAtMs),
    rotatedAtMs: msOf(hash.rotatedAtMs),
    expiresAtMs: msOf(hash.expiresAtMs),
    revokedAtMs: msOf(hash.revokedAtMs),
  });
}
