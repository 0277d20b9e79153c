import {
  keySignInSchema,
  SottoError,
  toIso,
  type WireSessionList,
  type WireSessionState,
  type WireSignOut,
  wireSessionListSchema,
  wireSessionStateSchema,
  wireSignOutSchema,
} from '@sotto/contracts';
import type { Session, Sessions, Users } from '@sotto/queue';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { type AccessDeps, recognise } from '../http/access.ts';
import { accountOf } from '../http/account.ts';
import type { Answer } from '../http/description.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { BODY_ERRORS } from '../http/json-body.ts';
import { localsOf } from '../http/locals.ts';
import { PathParams } from '../http/path-params.ts';
import type { Principal } from '../http/principal.ts';
import { clearSessionCookie, sessionToken } from '../http/session-cookie.ts';
import { principalOfSession } from '../http/session-principal.ts';
import type { ApiSettings } from '../settings/settings.ts';
import type { IdentityProvider } from './identity-provider.ts';
import { openSession } from './open-session.ts';
import { sessionState } from './session-state.ts';

export interface SessionDeps extends AccessDeps {
  settings: ApiSettings;
  sessions: Sessions;
  users: Users;
  identityProvider: Pick<IdentityProvider, 'signOutUrl'> | null;
}

const stateAnswer: Answer = {
  description: 'Who is signed in.',
  content: { 'application/json': wireSessionStateSchema },
};

/** Signing in and out of a browser, and the sessions of whoever asks. */
export function sessionEndpoints(deps: SessionDeps): Endpoint[] {
  return [
    stateEndpoint(deps),
    signInEndpoint(deps),
    signOutEndpoint(deps),
    listEndpoint(deps),
    endAllEndpoint(deps),
    endOneEndpoint(deps),
  ];
}

function stateEndpoint(deps: SessionDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/auth/session',
    tag: 'sign-in',
    access: 'open',
    summary: 'Who is signed in, and how to sign in',
    description: 'For pages: by the cookie of a session alone. Programs with a key ask `GET /auth/verify`.',
    answers: { 200: stateAnswer },
    errors: ['queue_unavailable'],
    handle: async ({ request, response }) => {
      const token = sessionToken(request, deps.settings);
      const known = token === null ? null : await principalOfSession(token, deps);
      if (token !== null && known === null) clearSessionCookie(request, response, deps.settings);
      send(response, await sessionState(known, request, deps));
    },
  });
}

function signInEndpoint(deps: SessionDeps): Endpoint {
  return endpoint({
    method: 'post',
    path: '/auth/session',
    tag: 'sign-in',
    access: 'open',
    summary: 'Sign a browser in with an API key',
    description:
      'Sets a cookie (HttpOnly, SameSite=Lax) that stands for the key, so that a page need not keep it. A session that the browser has already ends.',
    audit: 'session.create',
    body: keySignInSchema,
    answers: { 200: stateAnswer },
    errors: [...BODY_ERRORS, 'forbidden', 'rate_limit_exceeded', 'queue_unavailable'],
    handle: async ({ request, response, body: { key } }) => {
      const principal = await principalOfKey(request, response, key, deps);
      const open = await openSession({ principal, key, idToken: null }, request, response, deps);
      send(response, await sessionState({ principal, open }, request, deps));
    },
  });
}

/** @throws SottoError `forbidden`, `rate_limit_exceeded`: refused as any other request with that key would be. */
async function principalOfKey(request: Request, response: Response, key: string, deps: SessionDeps) {
  const locals = localsOf(response);
  try {
    const principal = await recognise(request, key, deps);
    if (principal === null) throw new SottoError('forbidden', 'Unknown API key.');
    locals.principal = principal;
    return principal;
  } catch (error) {
    locals.isTurnedAway = error instanceof SottoError && error.status < 500;
    throw error;
  }
}

function signOutEndpoint({ settings, sessions, identityProvider }: SessionDeps): Endpoint {
  return endpoint({
    method: 'delete',
    path: '/auth/session',
    tag: 'sign-in',
    access: 'key',
    summary: 'Sign this browser out',
    description: 'Ends the session of its cookie. Without one, there is nothing to end.',
    audit: 'session.end',
    answers: { 200: { description: 'Signed out.', content: { 'application/json': wireSignOutSchema } } },
    errors: [],
    handle: async ({ request, response, principal }) => {
      const { session: open } = localsOf(response);
      if (open !== null) await sessions.end(accountOf(principal), open.session.id);
      clearSessionCookie(request, response, settings);
      const idToken = open?.session.idToken ?? null;
      const url = idToken === null ? null : ((await identityProvider?.signOutUrl(idToken)) ?? null);
      response.set('Cache-Control', 'no-store').json({ sign_out_url: url } satisfies WireSignOut);
    },
  });
}

function listEndpoint({ sessions }: SessionDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/auth/sessions',
    tag: 'sign-in',
    access: 'key',
    summary: 'Browsers that are signed in',
    description: 'With this key, or as this user; last signed in first.',
    answers: { 200: { description: 'The sessions.', content: { 'application/json': wireSessionListSchema } } },
    errors: [],
    handle: async ({ response, principal }) => {
      const current = localsOf(response).session?.session.id;
      const all = await sessionsOf(principal, sessions);
      const body: WireSessionList = { sessions: all.map((session) => toWire(session, current)) };
      response.set('Cache-Control', 'no-store').json(body);
    },
  });
}

/** None while keys are off: nobody signs in then. */
const sessionsOf = async (principal: Principal, sessions: Sessions): Promise<Session[]> =>
  principal.keyId === null ? [] : sessions.list(accountOf(principal));

const toWire = (session: Session, current: string | undefined): WireSessionList['sessions'][number] => ({
  id: session.id,
  created_at: toIso(session.createdAtMs),
  last_seen_at: toIso(session.seenAtMs),
  expires_at: toIso(session.endsAtMs),
  user_agent: session.userAgent,
  current: session.id === current,
});

function endAllEndpoint({ settings, sessions }: SessionDeps): Endpoint {
  return endpoint({
    method: 'delete',
    path: '/auth/sessions',
    tag: 'sign-in',
    access: 'key',
    summary: 'Sign out everywhere',
    description: 'Ends all sessions of this key or user, that of this browser included. Takes effect at once.',
    audit: 'session.end',
    answers: { 204: { description: 'Signed out.', content: {} } },
    errors: [],
    handle: async ({ request, response, principal }) => {
      if (principal.keyId !== null) await sessions.endAll(accountOf(principal));
      clearSessionCookie(request, response, settings);
      response.status(204).end();
    },
  });
}

const sessionParams = new PathParams(
  z.object({ id: z.string().max(64).meta({ description: 'Id of the session, as shown in the list.' }) }),
  'session_not_found',
  'You have no session with this id.',
);

function endOneEndpoint({ sessions }: SessionDeps): Endpoint {
  return endpoint({
    method: 'delete',
    path: '/auth/sessions/{id}',
    tag: 'sign-in',
    access: 'key',
    params: sessionParams,
    summary: 'Sign one browser out',
    audit: 'session.end',
    answers: { 204: { description: 'Signed out.', content: {} } },
    errors: ['session_not_found'],
    handle: async ({ response, principal, params }) => {
      if (!(await sessions.end(accountOf(principal), params.id))) throw sessionParams.notFound();
      response.status(204).end();
    },
  });
}

function send(response: Response, state: WireSessionState): void {
  response.set('Cache-Control', 'no-store').json(state);
}
