import { createHash, randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { reach } from '../redis/faults.ts';
import { Keys } from '../redis/keys.ts';
import { runScript } from '../redis/scripts.ts';
import type { QueueSettings } from '../redis/settings.ts';

/** What OpenAI's clients know such a secret by. */
const PREFIX = 'ek_';
const SECRET_BYTES = 32;
/** Of one API key; the oldest makes room for the next. */
const MOST_SECRETS = 1_000;

export interface ClientSecret {
  /** Whose work is done with it; empty: keys were off. */
  keyId: string;
  /** What shows that the key it was made with is still good. */
  credential: string;
  /** JSON of what a session that is opened with it is set to. */
  config: string;
}

const secretSchema = z.object({ keyId: z.string(), credential: z.string(), config: z.string() });

export const isClientSecret = (presented: string): boolean => presented.startsWith(PREFIX);

/** 256 random bits. */
export const newClientSecret = (): string => `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64url')}`;

/**
 * Secrets that a server makes for a page of its own: each opens live sessions for some minutes, on behalf of the API key it was
 * made with. Only hashes are stored.
 */
export class ClientSecrets {
  readonly #redis: Redis;
  readonly #keys: Keys;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
  }

  /** @param secret a new one (newClientSecret), which is stored nowhere */
  async put(secret: string, fields: ClientSecret, endsAtMs: number): Promise<void> {
    const { access } = this.#keys;
    const id = idOf(secret);
    const now = Date.now();
    const argument = {
      id,
      now,
      endsAt: endsAtMs,
      idleMs: endsAtMs - now,
      most: MOST_SECRETS,
      stem: access.clientSecretStem,
    };
    const keys = [access.clientSecret(id), access.clientSecretsOf(fields.keyId)];
    await runScript(this.#redis, 'open-session', keys, { ...argument, fields });
  }

  /** null: there is none, or no longer. */
  async find(secret: string): Promise<ClientSecret | null> {
    const hash = await reach(this.#redis.hgetall(this.#keys.access.clientSecret(idOf(secret))));
    const parsed = secretSchema.safeParse(hash);
    return parsed.success ? parsed.data : null;
  }
}

const idOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');
