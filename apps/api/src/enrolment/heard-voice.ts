import { deliveryOptionsOf, SottoError, type VoiceResult } from '@sotto/contracts';
import type { Attached, RunEvents } from '@sotto/queue';
import type { Response } from 'express';
import type { Shutdown } from '../http/shutdown.ts';
import type { Results } from '../results/results.ts';
import type { ApiSettings } from '../settings/settings.ts';
import type { AskedOf } from '../transcriptions/form.ts';
import { holdForEnd } from '../transcriptions/hold.ts';

export interface HeardVoiceDeps {
  settings: Pick<ApiSettings, 'dialectTimeoutMs'>;
  events: RunEvents;
  results: Results;
  shutdown: Shutdown;
}

/** What is asked of a sample. */
export function askForVoice(run: AskedOf<'voice'>['run']): AskedOf<'voice'> {
  return {
    kind: 'voice',
    run,
    delivery: deliveryOptionsOf({}),
  };
}

/**
 * Waits for the voice of a sample.
 *
 * @throws SottoError `sample_not_usable`, with the reason; what a run fails with; what keeps a client from waiting. ClientGone.
 */
export async function heardVoice(
  submitted: Attached,
  response: Response,
  { settings, events, results, shutdown }: HeardVoiceDeps,
): Promise<VoiceResult> {
  const limits = { timeoutMs: settings.dialectTimeoutMs, shutdown };
  const run = await holdForEnd(submitted, response, events, limits);
  if (run.kind !== 'voice') throw new SottoError('internal_error', 'The run of the sample is of another kind.');
  return results.value({ run, request: submitted.request });
}
