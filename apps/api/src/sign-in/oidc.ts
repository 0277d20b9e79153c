import { type ErrorCode, SottoError } from '@sotto/contracts';
import { PAGE_PATH } from '@sotto/page';
import type { ApiKeys, Users } from '@sotto/queue';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { principalOfKey } from '../http/key-principal.ts';
import { localsOf } from '../http/locals.ts';
import type { LoginGuard } from '../http/login-guard.ts';
import type { IdentityProvider, SignedIdentity } from './identity-provider.ts';
import { type OpenSessionDeps, openSession } from './open-session.ts';
import { ownPath } from './own-path.ts';
import { keepPending, takePending } from './pending-sign-in.ts';

export interface OidcDeps extends OpenSessionDeps {
  users: Users;
  apiKeys: ApiKeys;
  loginGuard: LoginGuard;
  identityProvider: IdentityProvider | null;
}

const ERRORS: ErrorCode[] = ['sign_in_off', 'sign_in_unavailable'];

/** Signing in with an identity provider: a browser is sent there, and comes back as somebody. */
export function oidcEndpoints(deps: OidcDeps): Endpoint[] {
  return [startEndpoint(deps), callbackEndpoint(deps)];
}

function startEndpoint({ settings, identityProvider }: OidcDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/auth/oidc/start',
    tag: 'sign-in',
    access: 'open',
    summary: 'Sign in with the identity provider',
    description: 'Browsers go there; they come back to `return_to`, signed in.',
    query: z.object({
      return_to: z
        .string()
        .optional()
        .meta({ description: 'Path of this service, such as `/app/library`; anything else is taken for `/`.' }),
    }),
    answers: {
      302: { description: 'To the provider.', content: {}, headers: { Location: 'Address at the provider.' } },
    },
    errors: [...ERRORS, 'invalid_parameter'],
    handle: async ({ request, response, query }) => {
      try {
        const { url, challenge } = await providerOf(identityProvider).begin();
        keepPending(request, response, { ...challenge, returnTo: ownPath(query.return_to) }, settings);
        send(response, url.href);
      } catch (error) {
        sayOnPage(error, request, response);
      }
    },
  });
}

function callbackEndpoint(deps: OidcDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/auth/oidc/callback',
    tag: 'sign-in',
    access: 'open',
    summary: 'Where the identity provider sends browsers back to',
    audit: 'session.create',
    answers: {
      302: {
        description: 'Signed in. A browser that could not be is led to the page, which says why (`sign_in_error`).',
        content: {},
        headers: { Location: 'Path that the user came from.' },
      },
    },
    errors: [...ERRORS, 'sign_in_refused', 'rate_limit_exceeded', 'queue_unavailable'],
    handle: async ({ request, response }) => {
      const locals = localsOf(response);
      try {
        const returnTo = await signIn(request, response, deps);
        send(response, ownPath(returnTo));
      } catch (error) {
        locals.isTurnedAway = error instanceof SottoError && error.code !== 'sign_in_off' && error.status < 500;
        sayOnPage(error, request, response);
      }
    },
  });
}

/** @returns the path that the user came from. */
async function signIn(request: Request, response: Response, deps: OidcDeps): Promise<string> {
  const provider = providerOf(deps.identityProvider);
  const pending = takePending(request, response, deps.settings);
  const search = new URL(request.originalUrl, 'http://here.invalid').searchParams;
  if (pending === null || search.get('state') !== pending.state) {
    throw new SottoError(
      'sign_in_refused',
      'This sign-in was not begun in this browser, or too long ago. Begin again.',
    );
  }
  // Each answer makes us ask the provider: not as often as somebody likes.
  deps.loginGuard.check(request.ip, pending.state);
  const signed = await provider.finish(search.toString(), pending).catch((error: unknown) => {
    deps.loginGuard.noteWrong(request.ip);
    throw error;
  });
  const principal = await userOf(signed, deps);
  localsOf(response).principal = principal;
  await openSession({ principal, key: null, idToken: signed.idToken }, request, response, deps);
  return pending.returnTo;
}

async function userOf({ identity, role }: SignedIdentity, { users, apiKeys }: OidcDeps) {
  const id = await users.signIn(identity, role);
  const key = await apiKeys.find(id);
  if (key === null) throw new Error('a user without a record of what the user may do');
  try {
    return await principalOfKey(key, { apiKeys });
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    throw new SottoError('sign_in_refused', 'Your access to this service has been revoked.', { cause: error });
  }
}

/** Whoever opened this in a browser reads it there. @throws what it is given, for everyone else. */
function sayOnPage(error: unknown, request: Request, response: Response): void {
  if (!(error instanceof SottoError) || request.accepts(['json', 'html']) !== 'html') throw error;
  localsOf(response).metadata.code = error.code;
  send(response, `${PAGE_PATH}/?sign_in_error=${error.code}`);
}

/** Without a body, which Express's own has. */
function send(response: Response, location: string): void {
  response.status(302).set('Cache-Control', 'no-store').location(location).end();
}

function providerOf(provider: IdentityProvider | null): IdentityProvider {
  if (provider !== null) return provider;
  throw new SottoError('sign_in_off', 'No identity provider is set up (OIDC_ISSUER).');
}
