import { SCOPES, toIso, type WireSessionState, type WireUser } from '@sotto/contracts';
import type { User, Users } from '@sotto/queue';
import type { Request } from 'express';
import { isFromThisMachine } from '../http/access.ts';
import { ANONYMOUS, type Principal } from '../http/principal.ts';
import { csrfTokenOf, type OpenSession } from '../http/session-cookie.ts';
import type { ApiSettings } from '../settings/settings.ts';

/** A caller with the session it came by. */
export interface SignedIn {
  principal: Principal;
  open: OpenSession;
}

export interface SessionStateDeps {
  settings: Pick<ApiSettings, 'keysEnabled' | 'oidc'>;
  users: Pick<Users, 'find'>;
}

/** What a page needs to know about whoever opened it. @param known null: nobody is signed in */
export async function sessionState(
  known: SignedIn | null,
  request: Request,
  { settings: { keysEnabled, oidc }, users }: SessionStateDeps,
): Promise<WireSessionState> {
  const principal = known?.principal ?? (keysEnabled ? null : localOwner(request));
  const userId = principal?.userId ?? null;
  return {
    signed_in: principal !== null,
    keys_enabled: keysEnabled,
    role: principal && (principal.isAdmin ? 'operator' : 'user'),
    scopes: SCOPES.filter((scope) => principal?.scopes.includes(scope)),
    user: userId === null ? null : toWireUser(await users.find(userId)),
    key: known && keyOf(known.principal),
    csrf_token: known && csrfTokenOf(known.open.token),
    expires_at: known && toIso(known.open.session.endsAtMs),
    sign_in: { key: keysEnabled, oidc: oidc && { name: oidc.name, url: oidc.startUrl.href } },
  };
}

const localOwner = (request: Request): Principal => ({ ...ANONYMOUS, isAdmin: isFromThisMachine(request) });

function toWireUser(user: User | null): WireUser | null {
  return user && { id: user.id, name: user.name, email: user.email, language: user.language };
}

/** None of a user's: who they are says more. */
const keyOf = ({ keyId, userId, key }: Principal): WireSessionState['key'] =>
  keyId === null || userId !== null ? null : { id: keyId, name: key?.name ?? keyId };
