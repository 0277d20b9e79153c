import { randomBytes } from 'node:crypto';
import { type ApiKey, NO_KEY_LIMITS, SCOPES } from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { reach, replies } from '../redis/faults.ts';
import type { Hash } from '../redis/hash.ts';
import { Keys } from '../redis/keys.ts';
import { runScript } from '../redis/scripts.ts';
import type { QueueSettings } from '../redis/settings.ts';
import { fieldsOf } from './api-keys.ts';

const ID_BYTES = 6;

/** Who somebody is to an identity provider, which never gives the same subject to two people. */
export interface Identity {
  issuer: string;
  subject: string;
  name: string;
  /** null: the provider does not tell. */
  email: string | null;
}

/** What the provider says of them. `first`: nothing; the first user is an operator, all others are not. */
export type SignInRole = 'user' | 'operator' | 'first';

export interface User extends Identity {
  id: string;
  /** That pages are shown in; null: the browser's. */
  language: string | null;
  /** What the user wants of every transcription, by names that pages choose. */
  defaults: Record<string, unknown>;
  createdAtMs: number;
}

/** What users decide themselves. */
export type UserChanges = Partial<Pick<User, 'name' | 'language' | 'defaults'>>;

const textOrNull = z.string().transform((text) => (text === '' ? null : text));
const userSchema = z.object({
  id: z.string(),
  issuer: z.string(),
  subject: z.string(),
  name: z.string(),
  email: textOrNull,
  language: textOrNull,
  defaults: z.string().transform((text) => z.record(z.string(), z.unknown()).parse(JSON.parse(text))),
  createdAtMs: z.coerce.number(),
});

/**
 * People who sign in. What each may do is a record of the same id among the API keys, without a secret: so their jobs, limits,
 * quotas and usage are those of a key, and an operator changes or revokes it like one. Its scopes say who is an operator.
 */
export class Users {
  readonly #redis: Redis;
  readonly #keys: Keys;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
  }

  /** Makes one of who was never here. Name and all that users decide themselves stay as they are. @returns the user's id */
  async signIn(identity: Identity, role: SignInRole): Promise<string> {
    const { userStem, apiKeyStem: keyStem, users, apiKeys } = this.#keys.access;
    const userOf = this.#keys.access.userOf(identity.issuer, identity.subject);
    const id = randomBytes(ID_BYTES).toString('hex');
    const now = Date.now();
    const argument = {
      id,
      now,
      role,
      userStem,
      keyStem,
      user: { id, ...identity, language: '', defaults: '{}', createdAtMs: String(now), email: identity.email ?? '' },
      key: fieldsOf(mayDo(id, identity.name, now)),
      told: { email: identity.email ?? '' },
      userScopes: 'transcribe,read',
      operatorScopes: SCOPES.join(','),
    };
    return String(await runScript(this.#redis, 'sign-in-user', [userOf, users, apiKeys], argument));
  }

  /** null: there is no such user. */
  async find(id: string): Promise<User | null> {
    return userIn(await reach(this.#redis.hgetall(this.#keys.access.user(id))));
  }

  /** null: there is no such user. */
  async change(id: string, { name, language, defaults }: UserChanges): Promise<User | null> {
    if ((await this.find(id)) === null) return null;
    const changed = {
      ...(name !== undefined && { name }),
      ...(language !== undefined && { language: language ?? '' }),
      ...(defaults !== undefined && { defaults: JSON.stringify(defaults) }),
    };
    if (Object.keys(changed).length > 0) {
      const writes = this.#redis.multi().hset(this.#keys.access.user(id), changed);
      // Reports of usage name it.
      if (name !== undefined) writes.hset(this.#keys.access.apiKey(id), { name });
      await replies(writes);
    }
    return this.find(id);
  }
}

function mayDo(id: string, name: string, createdAtMs: number): ApiKey {
  return {
    id,
    name,
    userId: id,
    scopes: ['transcribe', 'read'],
    limits: NO_KEY_LIMITS,
    weight: 1,
    mayRaisePriority: false,
    keep: false,
    webhookUrl: null,
    hasWebhookSecret: false,
    createdAtMs,
    rotatedAtMs: null,
    expiresAtMs: null,
    revokedAtMs: null,
  };
}

function userIn(hash: Hash): User | null {
  const parsed = userSchema.safeParse(hash);
  return parsed.success ? parsed.data : null;
}
