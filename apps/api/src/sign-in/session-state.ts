import { SCOPES, toIso, type WireSessionState } from '@sotto/contracts';
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

/** What a page needs to know about whoever opened it. @param known null: nobody is signed in */
export function sessionState(
  known: SignedIn | null,
  request: Request,
  { keysEnabled }: Pick<ApiSettings, 'keysEnabled'>,
): WireSessionState {
  const principal = known?.principal ?? (keysEnabled ? null : localOwner(request));
  return {
    signed_in: principal !== null,
    keys_enabled: keysEnabled,
    role: principal && (principal.isAdmin ? 'operator' : 'user'),
    scopes: SCOPES.filter((scope) => principal?.scopes.includes(scope)),
    user: null,
    key: known && keyOf(known.principal),
    csrf_token: known && csrfTokenOf(known.open.token),
    expires_at: known && toIso(known.open.session.endsAtMs),
    sign_in: { key: keysEnabled, oidc: null },
  };
}

const localOwner = (request: Request): Principal => ({ ...ANONYMOUS, isAdmin: isFromThisMachine(request) });

const keyOf = ({ keyId, key }: Principal): WireSessionState['key'] =>
  keyId === null ? null : { id: keyId, name: key?.name ?? keyId };
