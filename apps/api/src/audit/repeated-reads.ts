import type { AuditEntry } from '@sotto/contracts';

const SAME_MS = 10 * 60_000;
const MOST_KEPT = 10_000;

/** Tells reads of operators apart from what their page asks again every few seconds, which would push all else out of the log. */
export class RepeatedReads {
  readonly #nowMs: () => number;
  /** What was read by whom -> when it was last recorded; the oldest first. */
  readonly #recorded = new Map<string, number>();

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** Whether the same was recorded within the last ten minutes. */
  isRepeated({ key_id: keyId, address, path, target, status }: AuditEntry): boolean {
    const read = JSON.stringify([keyId, address, path, target, status]);
    const nowMs = this.#nowMs();
    const lastMs = this.#recorded.get(read);
    if (lastMs !== undefined && nowMs - lastMs < SAME_MS) return true;
    this.#recorded.delete(read);
    this.#recorded.set(read, nowMs);
    const [oldest] = this.#recorded.keys();
    if (this.#recorded.size > MOST_KEPT && oldest !== undefined) this.#recorded.delete(oldest);
    return false;
  }
}
