import { createHmac } from 'node:crypto';

const SECRET_PREFIX = 'whsec_';

/**
 * Headers of one call, by Standard Webhooks 1.0 (standardwebhooks.com): HMAC-SHA256 over id, time and body.
 *
 * @param secrets each is `whsec_` and a key in base64. All of them sign; a receiver checks the one it knows.
 * @param timestampSeconds of this call: receivers refuse old ones, so that a recorded call cannot be replayed.
 */
export function signedHeaders(
  { id, timestampSeconds, body }: { id: string; timestampSeconds: number; body: string },
  secrets: readonly string[],
): Record<string, string> {
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestampSeconds}.${body}`).digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': signatures.join(' '),
  };
}
