import { SottoError } from '@sotto/contracts';
import type { Identity, SignInRole } from '@sotto/queue';
import type { Logger } from '@sotto/runtime';
import * as client from 'openid-client';
import type { OidcSettings } from '../settings/oidc.ts';
import { type Claims, identityOf, roleOf } from './claims.ts';

const TIMEOUT_SECONDS = 10;
/** Providers change their addresses seldom; their keys are looked after by the library. */
const FRESH_MS = 3_600_000;
const RETRY_AFTER_SECONDS = 10;

/** What must come back from the provider, and what only this browser's sign-in knows. */
export interface Challenge {
  state: string;
  nonce: string;
  verifier: string;
}

export interface SignedIdentity {
  identity: Identity;
  role: SignInRole;
  idToken: string;
}

/**
 * An OpenID Connect provider: the authorization code flow with PKCE, state and nonce. It is looked up when somebody signs in, so
 * one that is away keeps the service from nothing else.
 *
 * Errors of every method: SottoError `sign_in_unavailable` when it cannot be reached or does not answer as it must.
 */
export class IdentityProvider {
  readonly #settings: OidcSettings;
  readonly #logger: Logger;
  #found: { configuration: Promise<client.Configuration>; atMs: number } | null = null;

  constructor(settings: OidcSettings, logger: Logger) {
    this.#settings = settings;
    this.#logger = logger;
  }

  get name(): string {
    return this.#settings.name;
  }

  /** Where to send a browser, and what to keep until it comes back. */
  async begin(): Promise<{ url: URL; challenge: Challenge }> {
    const configuration = await this.#configuration();
    const challenge = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
    };
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: this.#settings.callbackUrl.href,
      scope: this.#settings.scopes,
      state: challenge.state,
      nonce: challenge.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(challenge.verifier),
      code_challenge_method: 'S256',
    });
    return { url, challenge };
  }

  /**
   * Who came back. @param search the query that the provider sent along
   *
   * @throws SottoError `sign_in_refused`: it said no, or what it said is not what was asked.
   */
  async finish(search: string, { state, nonce, verifier }: Challenge): Promise<SignedIdentity> {
    const configuration = await this.#configuration();
    const url = new URL(this.#settings.callbackUrl);
    url.search = search;
    try {
      const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
      const tokens = await client.authorizationCodeGrant(configuration, url, checks);
      const claims = await this.#claimsOf(tokens, configuration);
      return {
        identity: identityOf(claims, configuration.serverMetadata().issuer),
        role: roleOf(claims, this.#settings),
        idToken: tokens.id_token ?? '',
      };
    } catch (error) {
      throw this.#failure(error);
    }
  }

  /** Where a browser signs out of the provider, too; null: it has no such page, or is away. */
  async signOutUrl(idToken: string): Promise<string | null> {
    try {
      const configuration = await this.#configuration();
      if (configuration.serverMetadata().end_session_endpoint === undefined) return null;
      const parameters = { id_token_hint: idToken, post_logout_redirect_uri: this.#settings.signedOutUrl.href };
      return client.buildEndSessionUrl(configuration, parameters).href;
    } catch (error) {
      if (error instanceof SottoError) return null;
      throw error;
    }
  }

  /** Groups and names may be in the ID token or only at the userinfo endpoint: both count. */
  async #claimsOf(
    tokens: Awaited<ReturnType<typeof client.authorizationCodeGrant>>,
    configuration: client.Configuration,
  ): Promise<Claims> {
    const told = tokens.claims();
    if (told === undefined) throw new Error('no ID token');
    if (configuration.serverMetadata().userinfo_endpoint === undefined) return told;
    return { ...(await client.fetchUserInfo(configuration, tokens.access_token, told.sub)), ...told };
  }

  #configuration(): Promise<client.Configuration> {
    const found = this.#found;
    if (found !== null && performance.now() - found.atMs < FRESH_MS) return found.configuration;
    const next = { configuration: this.#discover(), atMs: performance.now() };
    this.#found = next;
    // Looked up again by whoever comes next.
    next.configuration.catch(() => {
      if (this.#found === next) this.#found = null;
    });
    return next.configuration;
  }

  async #discover(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret } = this.#settings;
    const isPlain = issuer.protocol === 'http:';
    try {
      const found = await client.discovery(issuer, clientId, undefined, client.None(), {
        timeout: TIMEOUT_SECONDS,
        ...(isPlain && { execute: [client.allowInsecureRequests] }),
      });
      const server = found.serverMetadata();
      const configuration = new client.Configuration(server, clientId, {}, authentication(clientSecret, server));
      configuration.timeout = TIMEOUT_SECONDS;
      if (isPlain) client.allowInsecureRequests(configuration);
      return configuration;
    } catch (error) {
      throw this.#unavailable(error);
    }
  }

  #failure(error: unknown): SottoError {
    const refusal = refusalOf(error);
    if (refusal === null) return this.#unavailable(error);
    return new SottoError('sign_in_refused', refusal, { cause: error });
  }

  #unavailable(error: unknown): SottoError {
    this.#logger.error('The identity provider cannot be used', { issuer: this.#settings.issuer.href, error });
    return new SottoError('sign_in_unavailable', `${this.name} does not answer as it should. Try again in a moment.`, {
      cause: error,
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }
}

/** The specification's default where the provider takes it; some take the secret in the body only. */
function authentication(secret: string | null, server: client.ServerMetadata): client.ClientAuth {
  if (secret === null) return client.None();
  const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  return methods.includes('client_secret_basic') ? client.ClientSecretBasic(secret) : client.ClientSecretPost(secret);
}

/** What was said is not what was asked for. Other codes say that the provider is broken or away, and nothing of who signs in. */
const MISMATCHES = [
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
];
/** What it says when this service is not set up as it expects. */
const SETUP_FAULTS = ['invalid_client', 'unauthorized_client', 'server_error', 'temporarily_unavailable'];

/** Why it is the user's affair; null: it is the provider's, or the operator's. */
function refusalOf(error: unknown): string | null {
  if (error instanceof client.AuthorizationResponseError || error instanceof client.ResponseBodyError) {
    if (SETUP_FAULTS.includes(error.error)) return null;
    return `The provider says "${error.error}".`;
  }
  if (!(error instanceof client.ClientError) || !MISMATCHES.includes(String(error.code))) return null;
  return 'What came back is not what was asked for. Sign in again.';
}
