import { newSessionToken, type Sessions } from '@sotto/queue';
import type { Request, Response } from 'express';
import type { Principal } from '../http/principal.ts';
import { type OpenSession, sessionToken, setSessionCookie } from '../http/session-cookie.ts';
import { credentialOf } from '../http/session-principal.ts';
import type { ApiSettings } from '../settings/settings.ts';

export interface SignIn {
  principal: Principal;
  /** That was signed in with; null: an identity provider said who it is. */
  key: string | null;
  /** null: no identity provider gave one. */
  idToken: string | null;
}

export interface OpenSessionDeps {
  settings: Pick<ApiSettings, 'publicUrl' | 'sessionLimits'>;
  sessions: Sessions;
}

const MAX_USER_AGENT = 200;

/**
 * Opens a session under a new token, whatever cookie the browser had: one that somebody put there never becomes a session of
 * its user's. A session that was open in this browser ends.
 */
export async function openSession(
  { principal, key, idToken }: SignIn,
  request: Request,
  response: Response,
  { settings, sessions }: OpenSessionDeps,
): Promise<OpenSession> {
  const before = sessionToken(request, settings);
  if (before !== null) await sessions.endToken(before);
  const token = newSessionToken();
  const keyId = principal.keyId ?? '';
  const holder = {
    keyId,
    userId: principal.userId,
    credential: key === null ? null : credentialOf(key, keyId, token),
    userAgent: request.get('user-agent')?.slice(0, MAX_USER_AGENT) ?? null,
    idToken,
  };
  const session = await sessions.open(token, holder, settings.sessionLimits);
  const open = { session, token };
  setSessionCookie(request, response, open, settings);
  return open;
}
