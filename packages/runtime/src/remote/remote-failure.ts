/**
 * Why a call of another server came to nothing.
 *
 * - `unreachable`, `failed` (5xx, 408), `broken` (an answer that is no answer): it may be better soon.
 * - `timeout`: so may this, but whoever asked has waited long enough already.
 * - `busy` (429, or 503 that says when): it is there, and wants to be left alone for a while.
 * - `denied` (401, 403), `missing` (404, 405, redirects): what its operator has set here is wrong.
 * - `refused`: it does not want this request, whoever asks.
 * - `paused`: it was not called, since it has failed too often just now.
 * - `spent`: it was not called, since the budget is used up.
 */
export type RemoteFailureKind =
  | 'unreachable'
  | 'timeout'
  | 'failed'
  | 'broken'
  | 'busy'
  | 'denied'
  | 'missing'
  | 'refused'
  | 'paused'
  | 'spent';

const AGAIN: readonly RemoteFailureKind[] = ['unreachable', 'failed', 'broken', 'busy'];
const FAULTS: readonly RemoteFailureKind[] = ['unreachable', 'timeout', 'failed', 'broken', 'denied', 'missing'];

/** The message is fit for clients: it names neither the server nor what it said. */
export class RemoteFailure extends Error {
  override readonly name = 'RemoteFailure';
  readonly kind: RemoteFailureKind;
  /** When the server wants to be asked again; null: it has not said. */
  readonly retryAfterMs: number | null;

  constructor(
    kind: RemoteFailureKind,
    message: string,
    options: { cause?: unknown; retryAfterMs?: number | null } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }

  /** Whether the same call is worth another try a moment later. */
  get isPassing(): boolean {
    return AGAIN.includes(this.kind);
  }

  /** Whether it says that the server does not do its work, for anybody. */
  get isFault(): boolean {
    return FAULTS.includes(this.kind);
  }
}
