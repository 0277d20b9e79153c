import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Network = [Address, number];
/** All addresses of a name. */
export type Resolve = (hostName: string) => Promise<LookupAddress[]>;

/** An address that a client named and that this service must not call. The message is fit for that client. */
export class RefusedAddress extends Error {
  override readonly name = 'RefusedAddress';
}

/** Metadata services on addresses that look public: Azure's wire server. All others are in special ranges. */
const METADATA: Network[] = [ipaddr.parseCIDR('168.63.129.16/32')];
/** Nothing else of IPv6 is handed out; `::7f00:1` (IPv4-compatible) is one of the spellings this leaves out. */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3');

/**
 * Decides which addresses the service may call on behalf of a client: public ones, and the networks its operator
 * allows. Everything the IANA special-purpose registries list (loopback, private, link-local with its metadata
 * services, carrier NAT, multicast, tunnels to IPv4, ...) is refused.
 *
 * Names are judged by what they resolve to, at the moment of connecting: `lookup` is given to the HTTP client, and the
 * addresses it has checked are the ones connected to. A name that changes its answers (DNS rebinding) gains nothing.
 */
export class AddressGuard {
  #allowed: readonly Network[];
  readonly #resolve: Resolve;

  /** @throws TypeError when one of `allowed` is no network such as `10.0.0.0/8` or `fd00::/8`, and no address. */
  constructor(allowed: readonly string[] = [], resolve: Resolve = resolveBySystem) {
    this.#allowed = allowed.map(parseNetwork);
    this.#resolve = resolve;
  }

  /** In place of those allowed so far; for what connects from now on. @throws TypeError as the constructor does. */
  allow(networks: readonly string[]): void {
    this.#allowed = networks.map(parseNetwork);
  }

  /** Of an IP address in any spelling of RFC 4291 or dotted decimal; anything else is not permitted. */
  permits(text: string): boolean {
    if (!ipaddr.isValid(text) || text.includes('%')) return false;
    const address = ipaddr.process(text);
    if (isIn(address, this.#allowed)) return true;
    if (address.range() !== 'unicast' || isIn(address, METADATA)) return false;
    return address.kind() === 'ipv4' || isIn(address, [GLOBAL_IPV6]);
  }

  /**
   * What can be said without asking DNS: http or https, no credentials, no forbidden address in the place of a name.
   *
   * @throws RefusedAddress
   */
  check(url: URL): void {
    if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new RefusedAddress('must be http or https');
    if (url.username !== '' || url.password !== '')
      throw new RefusedAddress('must not contain a user name or password');
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (ipaddr.isValid(host) && !this.permits(host)) throw new RefusedAddress(NOT_PUBLIC);
  }

  /** For `http.request`: every address of the name must be permitted. */
  readonly lookup: LookupFunction = (hostName, options, callback) => {
    this.#permittedAddresses(hostName).then(
      (addresses) => {
        const wanted = addresses.filter(
          ({ family }) => !options.family || `IPv${family}` === familyName(options.family),
        );
        const [first] = wanted;
        if (first === undefined) callback(noAddress(hostName), '', 0);
        else if (options.all === true) callback(null, wanted);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };

  async #permittedAddresses(hostName: string): Promise<LookupAddress[]> {
    const addresses = await this.#resolve(hostName);
    if (!addresses.every(({ address }) => this.permits(address))) throw new RefusedAddress(NOT_PUBLIC);
    return addresses;
  }
}

const NOT_PUBLIC = 'is not a public address';

function parseNetwork(text: string): Network {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  if (!ipaddr.isValid(text)) throw new TypeError(`${JSON.stringify(text)} is not an address or network`);
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

function isIn(address: Address, networks: readonly Network[]): boolean {
  return networks.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits));
}

const familyName = (family: number | string): string => (typeof family === 'number' ? `IPv${family}` : family);

function noAddress(hostName: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`no address for ${hostName}`), { code: 'ENOTFOUND' });
}

function resolveBySystem(hostName: string): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    systemLookup(hostName, { all: true, verbatim: true }, (error, addresses) =>
      error === null ? resolve(addresses) : reject(error),
    );
  });
}
