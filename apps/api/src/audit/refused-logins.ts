import type { AuditEntry } from '@sotto/contracts';
import { loginNetworkOf } from '../http/login-guard.ts';

const WINDOW_MS = 60_000;
/** Recorded one by one, from one network in a minute. */
const RECORDED = 10;
const MAX_NETWORKS = 10_000;
const CHECK_MS = 5_000;

interface Window {
  recorded: number;
  unrecorded: number;
  last: AuditEntry;
  endsMs: number;
}

/**
 * Refused logins on their way to the audit log: the first few of a network in a minute as they are, the others as one
 * entry with their number when the minute is over. Somebody who tries keys cannot push everything else out of the log.
 */
export class RefusedLogins {
  readonly #record: (entry: AuditEntry) => void;
  readonly #nowMs: () => number;
  readonly #windows = new Map<string, Window>();

  constructor(record: (entry: AuditEntry) => void, nowMs = () => performance.now()) {
    this.#record = record;
    this.#nowMs = nowMs;
    setInterval(() => this.settle(), CHECK_MS).unref();
  }

  note(entry: AuditEntry): void {
    this.settle();
    const network = loginNetworkOf(entry.address ?? undefined);
    const window = this.#windows.get(network) ?? this.#open(network, entry);
    if (window.recorded < RECORDED) {
      window.recorded += 1;
      this.#record(entry);
      return;
    }
    window.unrecorded += 1;
    window.last = { ...entry, address: network };
  }

  /** Records the numbers of minutes that are over; of all of them when the process stops. */
  settle(all = false): void {
    for (const [network, window] of this.#windows) {
      // In the order in which they began.
      if (!all && window.endsMs > this.#nowMs()) return;
      this.#close(network, window);
    }
  }

  #open(network: string, last: AuditEntry): Window {
    const [oldest] = this.#windows;
    if (this.#windows.size >= MAX_NETWORKS && oldest !== undefined) this.#close(...oldest);
    const window = { recorded: 0, unrecorded: 0, last, endsMs: this.#nowMs() + WINDOW_MS };
    this.#windows.set(network, window);
    return window;
  }

  #close(network: string, { unrecorded, last }: Window): void {
    this.#windows.delete(network);
    if (unrecorded > 0) this.#record({ ...last, count: unrecorded });
  }
}
