import { createHash, randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { reach, replies } from '../redis/faults.ts';
import { type Hash, hashOf } from '../redis/hash.ts';
import { Keys } from '../redis/keys.ts';
import { runScript } from '../redis/scripts.ts';
import type { QueueSettings } from '../redis/settings.ts';

const TOKEN_BYTES = 32;
/** Of one account; the oldest makes room for the next. */
const MOST_SESSIONS = 100;

/** Who a session was opened for, and by what. */
export interface SessionHolder {
  /** Whose work is done in it: of an API key, or a user's own. */
  keyId: string;
  /** null: an API key's. */
  userId: string | null;
  /** What shows that the key it was opened with is still good; null: no key was. */
  credential: string | null;
  userAgent: string | null;
  /** What the identity provider said, which it wants to see again at sign-out. */
  idToken: string | null;
}

export interface Session extends SessionHolder {
  /** SHA-256 of its token: no secret. */
  id: string;
  createdAtMs: number;
  /** The last request before this one. */
  seenAtMs: number;
  /** Whatever happens until then. */
  endsAtMs: number;
}

export interface SessionLimits {
  /** Without a request. */
  idleMs: number;
  /** From its beginning. */
  maxMs: number;
}

const textOrNull = z.string().transform((text) => (text === '' ? null : text));
const sessionSchema = z.object({
  id: z.string(),
  keyId: z.string(),
  userId: textOrNull,
  credential: textOrNull,
  userAgent: textOrNull,
  idToken: textOrNull,
  createdAtMs: z.coerce.number(),
  seenAtMs: z.coerce.number(),
  endsAtMs: z.coerce.number(),
});

/** 256 random bits. */
export const newSessionToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url');

/**
 * Sessions of browsers: open -> gone, when nobody used it for too long, its time is over, or somebody ended it. Only the hash
 * of a token is stored, so whoever reads Redis cannot take a session over.
 */
export class Sessions {
  readonly #redis: Redis;
  readonly #keys: Keys;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
  }

  /** @param token a new one (newSessionToken), which is stored nowhere */
  async open(token: string, holder: SessionHolder, { idleMs, maxMs }: SessionLimits): Promise<Session> {
    const now = Date.now();
    const session: Session = {
      ...holder,
      id: idOf(token),
      createdAtMs: now,
      seenAtMs: now,
      endsAtMs: now + Math.round(maxMs),
    };
    const { session: key, sessionsOf } = this.#namesOf(session);
    const fields = Object.fromEntries(Object.entries(session).map(([name, value]) => [name, String(value ?? '')]));
    const stem = this.#keys.access.sessionStem;
    const argument = { id: session.id, now, endsAt: session.endsAtMs, idleMs, most: MOST_SESSIONS, stem, fields };
    await runScript(this.#redis, 'open-session', [key, sessionsOf], argument);
    return session;
  }

  /** null: there is none, or no longer. Another `idleMs` begin. */
  async touch(token: string, idleMs: number): Promise<Session | null> {
    const key = this.#keys.access.session(idOf(token));
    return sessionOf(hashOf(await runScript(this.#redis, 'touch-session', [key], { now: Date.now(), idleMs })));
  }

  /** Of a user, or of an API key; last opened first. */
  async list(account: string): Promise<Session[]> {
    const ids = await reach(this.#redis.zrange(this.#keys.access.sessionsOf(account), '0', '-1'));
    const found = await Promise.all(ids.map((id) => reach(this.#redis.hgetall(this.#keys.access.session(id)))));
    const open = found.map(sessionOf).filter((session) => session !== null && session.endsAtMs > Date.now());
    return (open as Session[]).sort((a, b) => b.createdAtMs - a.createdAtMs);
  }

  /** false: the account has no such session. */
  async end(account: string, id: string): Promise<boolean> {
    const names = this.#namesOf({ id, userId: account, keyId: account });
    // Only one that is the account's.
    if ((await reach(this.#redis.zscore(names.sessionsOf, id))) === null) return false;
    const [, ended] = await replies(this.#redis.multi().zrem(names.sessionsOf, id).del(names.session));
    return Number(ended) > 0;
  }

  /** The one with this token, if there is one. */
  async endToken(token: string): Promise<void> {
    const id = idOf(token);
    const session = sessionOf(await reach(this.#redis.hgetall(this.#keys.access.session(id))));
    if (session !== null) await this.end(session.userId ?? session.keyId, id);
  }

  /** @returns how many there were. */
  async endAll(account: string): Promise<number> {
    const all = this.#keys.access.sessionsOf(account);
    return Number(await runScript(this.#redis, 'end-sessions', [all], this.#keys.access.sessionStem));
  }

  #namesOf({ id, userId, keyId }: Pick<Session, 'id' | 'userId' | 'keyId'>) {
    return { session: this.#keys.access.session(id), sessionsOf: this.#keys.access.sessionsOf(userId ?? keyId) };
  }
}

const idOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** null also for one that another version wrote and this one cannot read: its holder signs in again. */
function sessionOf(hash: Hash): Session | null {
  const parsed = sessionSchema.safeParse(hash);
  return parsed.success ? parsed.data : null;
}
