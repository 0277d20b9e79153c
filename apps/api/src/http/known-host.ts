import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { SottoError } from '@sotto/contracts';
import type { RequestHandler } from 'express';
import type { ApiSettings } from '../settings/settings.ts';

/** Names under these cannot be had in the public DNS (RFC 6761, 6762, 8375; `.internal` is reserved by ICANN). */
const PRIVATE_ENDINGS = ['.localhost', '.local', '.internal', '.home.arpa'];

/**
 * While keys are off, refuses requests for names that are not ours. A page elsewhere may have its own name point to this
 * machine (DNS rebinding): the browser then lets it read what it asks for, but still names the page's host.
 *
 * @throws SottoError (in the handler) `host_not_allowed`.
 */
export function knownHostsOnly(settings: Pick<ApiSettings, 'keysEnabled' | 'publicNames'>): RequestHandler {
  return (request, _response, next) => {
    const { host } = request.headers;
    if (settings.keysEnabled || host === undefined || isKnownHost(host, settings.publicNames)) return next();
    const name = JSON.stringify(nameOf(host).slice(0, 100));
    throw new SottoError(
      'host_not_allowed',
      `${name} is not a name of this service. Add it to PUBLIC_NAMES, or turn API keys on.`,
    );
  };
}

/** `host`: of a request, with or without a port. `*` in `publicNames` allows any. */
export function isKnownHost(host: string, publicNames: readonly string[], ownName = hostname()): boolean {
  const name = nameOf(host);
  // An address, or a name without a dot, cannot be rebound: nobody outside has it.
  if (isIP(name) !== 0 || !name.includes('.') || name === ownName.toLowerCase()) return true;
  if (PRIVATE_ENDINGS.some((ending) => name.endsWith(ending))) return true;
  return publicNames.some((allowed) => allowed === '*' || allowed.toLowerCase() === name);
}

function nameOf(host: string): string {
  const [, bracketed, plain = ''] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(host.trim().toLowerCase()) ?? [];
  return bracketed ?? (plain === '' ? host.toLowerCase() : plain.replace(/\.$/, ''));
}
