import { createHash, randomBytes } from 'node:crypto';

/** Found by scanners for secrets, and by people in their shell history. */
const SECRET_PREFIX = 'sotto_';
const SECRET_BYTES = 32;

/** 256 random bits: nobody guesses it, so a fast hash keeps it as well as a slow one would. */
export function newSecret(): string {
  return SECRET_PREFIX + randomBytes(SECRET_BYTES).toString('base64url');
}

export function hashOfSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** As Standard Webhooks writes secrets. Whoever signs needs it as it is, so it is stored as it is. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}
