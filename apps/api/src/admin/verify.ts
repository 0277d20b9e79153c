import { SCOPES, toIsoOrNull, wireIdentitySchema } from '@sotto/contracts';
import type { z } from 'zod';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import type { ApiSettings } from '../settings/settings.ts';

/** "Is my key valid?", for clients at startup and for proxies that ask on a client's behalf. */
export function verifyEndpoint({ keysEnabled }: Pick<ApiSettings, 'keysEnabled'>): Endpoint {
  return endpoint({
    method: 'get',
    path: '/auth/verify',
    summary: 'Verify an API key',
    description: '200: the key is valid. 401: no key was sent. 403: it is wrong, expired or revoked.',
    tag: 'operations',
    access: 'key',
    answers: { 200: { description: 'The caller.', content: { 'application/json': wireIdentitySchema } } },
    errors: [],
    handle: ({ principal: { keyId, key, scopes }, response }) => {
      const expiresAtMs = key?.expiresAtMs ?? null;
      response.set('Cache-Control', 'no-store').json({
        keys_enabled: keysEnabled,
        key_id: keyId,
        name: key?.name ?? keyId,
        scopes: SCOPES.filter((scope) => scopes.includes(scope)),
        expires_at: toIsoOrNull(expiresAtMs),
      } satisfies z.infer<typeof wireIdentitySchema>);
    },
  });
}
