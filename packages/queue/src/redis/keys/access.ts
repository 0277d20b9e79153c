import { createHash } from 'node:crypto';

/** Stands for "no key" where a name needs one. No API key has this id. */
export const ANONYMOUS_KEY = '-';

/** Stands for all keys together, where that is counted. No API key has this id. */
export const ALL_KEYS = '*';

/** Of API keys, what they use, and the audit log. */
export class AccessKeys {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Hash: an API key's record. */
  apiKey(keyId: string): string {
    return `${this.apiKeyStem}${keyId}`;
  }

  get apiKeyStem(): string {
    return `${this.#prefix}:key:`;
  }

  /** Sorted set: id -> creation time of every API key. */
  get apiKeys(): string {
    return `${this.#prefix}:keys`;
  }

  /** String: id of the API key whose secret has this hash. */
  keyHash(hash: string): string {
    return `${this.#prefix}:key-hash:${hash}`;
  }

  /** Hash: what an API key used in a day or a month; see lua/include/quota.lua. */
  usage(keyId: string | null, period: string): string {
    return `${this.usageStem}${keyId ?? ANONYMOUS_KEY}:${period}`;
  }

  get usageStem(): string {
    return `${this.#prefix}:usage:`;
  }

  /** Set: ids of the API keys that used something on a day. */
  usageKeys(day: string): string {
    return `${this.#prefix}:usage-keys:${day}`;
  }

  /** String that expires: what was used of another server in a month; see lua/take-budget.lua. */
  remoteUse(name: string, month: string): string {
    return `${this.#prefix}:remote-use:${name}:${month}`;
  }

  /** Sorted set: the last minute's requests of one subject. Hashed, since a subject may be a client's address. */
  rate(subject: string): string {
    return `${this.#prefix}:rate:${createHash('sha256').update(subject).digest('base64url').slice(0, 22)}`;
  }

  /** Hash: name -> version, time and terms of each named list of an API key; see lua/put-named-list.lua. */
  vocabularies(keyId: string | null): string {
    return `${this.#prefix}:vocabularies:${keyId ?? ANONYMOUS_KEY}`;
  }

  /** Hash: name -> version, time and entries of each dictionary of an API key, as vocabularies have them. */
  dictionaries(keyId: string | null): string {
    return `${this.#prefix}:dictionaries:${keyId ?? ANONYMOUS_KEY}`;
  }

  /** Hash: id -> each stored voice of an API key, as JSON. */
  voices(keyId: string | null): string {
    return `${this.#prefix}:voices:${keyId ?? ANONYMOUS_KEY}`;
  }

  /** String: a voice that one request brought along. */
  passingVoice(keyId: string | null, id: string): string {
    return `${this.voices(keyId)}:${id}`;
  }

  /** Hash: id -> each consent and each own voice of an API key, as JSON; see lua/put-own-voice.lua. */
  ownVoices(keyId: string | null): string {
    return `${this.ownVoicesStem}${keyId ?? ANONYMOUS_KEY}`;
  }

  get ownVoicesStem(): string {
    return `${this.#prefix}:own-voices:`;
  }

  /** Hash that expires: a session, by the SHA-256 of its token. */
  session(id: string): string {
    return `${this.sessionStem}${id}`;
  }

  get sessionStem(): string {
    return `${this.#prefix}:session:`;
  }

  /** Hash that expires: a secret for a page, by its SHA-256. */
  clientSecret(id: string): string {
    return `${this.clientSecretStem}${id}`;
  }

  get clientSecretStem(): string {
    return `${this.#prefix}:client-secret:`;
  }

  /** Sorted set that expires: id -> end of each secret that an API key has made for pages. */
  clientSecretsOf(keyId: string): string {
    return `${this.#prefix}:client-secrets:${keyId}`;
  }

  /** Hash: a user's record. */
  user(userId: string): string {
    return `${this.userStem}${userId}`;
  }

  get userStem(): string {
    return `${this.#prefix}:user:`;
  }

  /** Sorted set: id -> creation time of every user. */
  get users(): string {
    return `${this.#prefix}:users`;
  }

  /** Sorted set: id -> creation time of the API keys that a user has made. */
  keysOf(userId: string): string {
    return `${this.#prefix}:user-keys:${userId}`;
  }

  /** String: id of the user whom an identity provider calls so. */
  userOf(issuer: string, subject: string): string {
    const name = createHash('sha256').update(`${issuer}\n${subject}`).digest('base64url');
    return `${this.#prefix}:user-of:${name}`;
  }

  /** Sorted set that expires: id -> end of each session of a user, or of an API key. */
  sessionsOf(account: string): string {
    return `${this.#prefix}:sessions:${account}`;
  }

  /** Stream: the audit log, one entry as JSON in the field `e`. */
  get audit(): string {
    return `${this.#prefix}:audit`;
  }
}
