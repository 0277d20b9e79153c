import { type FinalPass, SottoError } from '@sotto/contracts';
import type { LiveRecording } from '@sotto/queue';
import { accountOf } from '../../http/account.ts';
import type { KeyShares } from '../../http/key-shares.ts';
import type { Principal } from '../../http/principal.ts';
import type { ApiSettings } from '../../settings/settings.ts';
import { type AllowedDeps, checkAllowed } from '../../transcriptions/allowed.ts';
import { transcribeOptionsOf } from '../../transcriptions/form.ts';
import { type NamedDeps, withNamed } from '../../transcriptions/named-parts.ts';
import { deliveryOf, laneOf, refuseDuringUpgrade, type WantedDeps, withModel } from '../../transcriptions/wanted.ts';
import { longestWavMs } from './wav.ts';

export interface PlanRecordingDeps extends NamedDeps, WantedDeps, AllowedDeps {
  settings: NamedDeps['settings'] &
    WantedDeps['settings'] &
    AllowedDeps['settings'] &
    Pick<ApiSettings, 'maxFileBytes' | 'uploadKeepMs'>;
  keyShares: Pick<KeyShares, 'held'>;
}

/** What waits for a worker that comes back is kept as long as its session at least. */
const SHORTEST_KEEP_MS = 86_400_000;
/** An upload has a limited number of parts, and each has ten seconds, or less where a worker has died. */
const LONGEST_MS = 86_400_000;
const FILE_NAME_CHARACTERS = 16;

/**
 * What becomes of the recording of a session. All that can be refused is refused here, before anything was said: afterwards,
 * its job is accepted whatever has changed meanwhile.
 *
 * @throws SottoError as `POST /transcribe` does
 */
export async function planRecording(
  form: FinalPass,
  principal: Principal,
  deps: PlanRecordingDeps,
): Promise<LiveRecording> {
  const asked = transcribeOptionsOf(form);
  checkAllowed(asked, principal, deps);
  const delivery = deliveryOf(asked, principal, deps);
  if (delivery.keep !== undefined && !deps.keeper.isOn)
    throw new SottoError('library_off', 'Set DATABASE_URL to have one.');
  const lane = laneOf(delivery, principal);
  const named = await withNamed(asked.run, asked, principal, deps);
  const { options, modelDigest } = await withModel(named, null, principal, deps);
  await refuseDuringUpgrade('wav', options, deps);
  const { settings, keyShares } = deps;
  const longestSeconds = principal.key?.limits.maxDurationSeconds ?? Number.POSITIVE_INFINITY;
  const { heldBytes } = await keyShares.held(principal);
  return {
    options,
    delivery,
    lane,
    modelDigest,
    fileName: fileNameAt(new Date()),
    account: accountOf(principal),
    maxMs: Math.floor(Math.min(longestSeconds * 1_000, longestWavMs(settings.maxFileBytes), LONGEST_MS)),
    maxHeldBytes: heldBytes,
    keepMs: Math.max(SHORTEST_KEEP_MS, settings.uploadKeepMs),
  };
}

/** `Live 2026-11-30 16.05.wav`, in UTC. */
function fileNameAt(date: Date): string {
  return `Live ${date.toISOString().slice(0, FILE_NAME_CHARACTERS).replace('T', ' ').replace(':', '.')}.wav`;
}
