import { createHash } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { SottoError } from '@sotto/contracts';
import type { ApiSettings } from '../settings/settings.ts';
import { networkOf } from './rate-limit.ts';
import { remember } from './remember.ts';

const WINDOW_MS = 60_000;

/**
 * Slows down whoever tries keys: after so many wrong ones from a network within a minute, no key from there is looked at
 * until the minute is over, except keys that have opened something before. So a guesser does not lock out its neighbours.
 */
export class LoginGuard {
  readonly #settings: Pick<ApiSettings, 'wrongKeysPerMinute'>;
  readonly #nowMs: () => number;
  readonly #wrong = new Map<string, { count: number; endsMs: number }>();
  readonly #good = new Map<string, true>();

  constructor(settings: Pick<ApiSettings, 'wrongKeysPerMinute'>, nowMs = () => performance.now()) {
    this.#settings = settings;
    this.#nowMs = nowMs;
  }

  /** @throws SottoError `rate_limit_exceeded` when a key from there is not looked at for now. */
  check(address: string | undefined, key: string): void {
    const window = this.#windowOf(loginNetworkOf(address));
    if (window === null || window.count < this.#settings.wrongKeysPerMinute || this.#good.has(digest(key))) return;
    const retryAfterSeconds = Math.max(1, Math.ceil((window.endsMs - this.#nowMs()) / 1000));
    throw new SottoError('rate_limit_exceeded', 'Too many wrong keys came from this network.', { retryAfterSeconds });
  }

  noteWrong(address: string | undefined): void {
    const network = loginNetworkOf(address);
    const window = this.#windowOf(network) ?? { count: 0, endsMs: this.#nowMs() + WINDOW_MS };
    window.count += 1;
    remember(this.#wrong, network, window);
  }

  noteGood(key: string): void {
    remember(this.#good, digest(key), true);
  }

  #windowOf(network: string): { count: number; endsMs: number } | null {
    const window = this.#wrong.get(network);
    return window === undefined || window.endsMs <= this.#nowMs() ? null : window;
  }
}

/** 256 addresses of IPv4, or the first half of one of IPv6: what one guesser may well have. */
export function loginNetworkOf(address: string | undefined): string {
  const network = networkOf(address ?? 'unknown');
  return isIPv4(network) ? `${network.slice(0, network.lastIndexOf('.'))}.0/24` : network;
}

const digest = (key: string): string => createHash('sha256').update(key).digest('base64');
