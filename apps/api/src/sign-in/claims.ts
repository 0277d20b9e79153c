import type { Identity, SignInRole } from '@sotto/queue';
import type { OidcSettings } from '../settings/oidc.ts';

/** What a provider says of somebody. */
export type Claims = Readonly<Record<string, unknown> & { sub: string }>;

const MAX_NAME = 100;
const MAX_EMAIL = 254;

/** Who it is. People are told apart by `sub` alone: an e-mail address may change hands. */
export function identityOf(claims: Claims, issuer: string): Identity {
  const texts = [claims.name, claims.preferred_username, claims.email].filter(isText);
  const name = (texts[0] ?? claims.sub).trim().slice(0, MAX_NAME);
  return { issuer, subject: claims.sub, name, email: isText(claims.email) ? claims.email.slice(0, MAX_EMAIL) : null };
}

/** Whether the groups that the provider names make an operator. */
export function roleOf(
  claims: Claims,
  { roleClaim, operatorGroup }: Pick<OidcSettings, 'roleClaim' | 'operatorGroup'>,
): SignInRole {
  if (operatorGroup === null) return 'first';
  const groups = claimAt(claims, roleClaim);
  const isMember = Array.isArray(groups) ? groups.includes(operatorGroup) : groups === operatorGroup;
  return isMember ? 'operator' : 'user';
}

/** Under its whole name, as addresses have dots, too; else along the dots. */
function claimAt(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  return name
    .split('.')
    .reduce<unknown>((at, part) => (isObject(at) && Object.hasOwn(at, part) ? at[part] : undefined), claims);
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
