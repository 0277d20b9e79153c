import { SottoError } from '@sotto/contracts';
import { type QuotaName, quotaExceeded } from '../access/quota.ts';
import { type HeldLimits, mustBeCreated, type UploadReply } from '../uploads/resumable-uploads.ts';

const RETRY_SECONDS = 10;
/** What is heard is counted in it. */
export const LIVE_UNIT = 'audio_ms';

export interface LiveLimits {
  /** What the workers can hear at once. */
  maxSessions: number;
  /** Of them, those that have the model of the session; counts where it asks for one. */
  maxOfModel: number;
  /** Of them, those that can be stored; counts where it is to be. */
  maxStored: number;
  /** null: no limit of the key's own. */
  maxOfKey: number | null;
  /** Of uploads, as which it is stored. */
  held: HeldLimits;
}

/** What the script says that opens one. */
export type Opened =
  | ['opened']
  | ['live_full' | 'key_full', number]
  | ['quota', QuotaName, number, number, number]
  | Exclude<UploadReply, ['created']>;

/** @throws SottoError `live_full`, `key_full`, `quota_exceeded` */
export function mustBeOpened(reply: Opened, nowMs: number): void {
  const retry = { retryAfterSeconds: RETRY_SECONDS };
  if (reply[0] === 'live_full') throw new SottoError('live_full', `${reply[1]} live sessions are open.`, retry);
  if (reply[0] === 'key_full') throw new SottoError('key_full', `This key has ${reply[1]} live sessions.`, retry);
  if (reply[0] === 'quota') {
    const [, name, limit, used, reserved] = reply;
    throw quotaExceeded({ name, unit: LIVE_UNIT, limit, used, reserved }, nowMs);
  }
  if (reply[0] === 'too_many' || reply[0] === 'key_disk') mustBeCreated(reply);
}
