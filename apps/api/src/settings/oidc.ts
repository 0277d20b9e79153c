import { EnvError } from '@sotto/runtime';
import type { ApiEnv } from './env.ts';

/** How people sign in with an identity provider (OpenID Connect). */
export interface OidcSettings {
  issuer: URL;
  clientId: string;
  /** null: a public client. */
  clientSecret: string | null;
  /** Separated by spaces; `openid` is among them. */
  scopes: string;
  roleClaim: string;
  /** null: the first user is an operator. */
  operatorGroup: string | null;
  /** What pages call the provider. */
  name: string;
  /** Where a browser begins, under the name that it will come back to: cookies belong to a name. */
  startUrl: URL;
  /** Where it sends browsers back to. */
  callbackUrl: URL;
  /** Where it sends browsers to that have signed out. */
  signedOutUrl: URL;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** @throws EnvError when something is missing that it needs, or the provider would be trusted over plain HTTP. */
export function oidcSettingsOf(env: ApiEnv): OidcSettings | null {
  if (env.OIDC_ISSUER === undefined) return null;
  const missing = (['OIDC_CLIENT_ID', 'PUBLIC_URL'] as const).filter((name) => env[name] === undefined);
  if (missing.length > 0) throw new EnvError(missing.map((name) => `${name} must be set when OIDC_ISSUER is`));
  const issuer = new URL(env.OIDC_ISSUER);
  if (issuer.protocol === 'http:' && !LOOPBACK.test(issuer.hostname)) {
    throw new EnvError(['OIDC_ISSUER must start with https:// unless it is on this machine']);
  }
  const base = new URL(String(env.PUBLIC_URL).replace(/\/*$/, '/'));
  const scopes = env.OIDC_SCOPES.split(/\s+/);
  return {
    issuer,
    clientId: String(env.OIDC_CLIENT_ID),
    clientSecret: env.OIDC_CLIENT_SECRET ?? null,
    scopes: [...new Set(['openid', ...scopes])].join(' '),
    roleClaim: env.OIDC_ROLE_CLAIM,
    operatorGroup: env.OIDC_OPERATOR_GROUP ?? null,
    name: env.OIDC_NAME,
    startUrl: new URL('auth/oidc/start', base),
    callbackUrl: new URL('auth/oidc/callback', base),
    signedOutUrl: base,
  };
}
