import { createHash, randomBytes } from 'node:crypto';

/** Secret scanners recognise it, and so do people in their shell history. */
const SECRET_PREFIX = 'sotto_';
const SECRET_BYTES = 32;

/** 256 random bits cannot be guessed, so a fast hash protects them as well as a slow one. */
export function newSecret(): string {
  return SECRET_PREFIX + randomBytes(SECRET_BYTES).toString('base64url');
}

export function hashOfSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** In the form of Standard Webhooks. Signing needs the secret itself, so it is stored unhashed. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}
