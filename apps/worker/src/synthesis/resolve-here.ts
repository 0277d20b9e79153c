import { SottoError } from '@sotto/contracts';
import { type Heartbeats, Postponed, type SpeechOffers } from '@sotto/queue';
import { type AskedVoice, type ResolvedVoice, resolveVoice } from '@sotto/voices';
import { PASS_ON, type VoiceBox } from './voice-box.ts';

/** What tells who else speaks. */
export interface FleetVoices {
  heartbeats: Pick<Heartbeats, 'list'>;
  speechOffers: Pick<SpeechOffers, 'of'>;
}

/**
 * The voice of this worker that is meant. One that it has not may have been installed just now, or is for another worker.
 *
 * @throws Postponed where another worker has it; SottoError as `resolveVoice` does
 */
export async function resolveHere(
  asked: AskedVoice,
  { voiceBox, heartbeats, speechOffers }: FleetVoices & { voiceBox: VoiceBox },
): Promise<ResolvedVoice> {
  const { engines } = voiceBox;
  const here = resolved(() => engines.resolve(asked));
  if (!(here instanceof SottoError)) return here;
  await engines.refresh();
  const now = resolved(() => engines.resolve(asked));
  if (!(now instanceof SottoError)) return now;
  const offers = await speechOffers.of(await heartbeats.list());
  if (resolved(() => resolveVoice(asked, offers)) instanceof SottoError) throw now;
  throw new Postponed(`the voice ${asked.voice} is for a worker that has it`, PASS_ON);
}

function resolved(resolve: () => ResolvedVoice): ResolvedVoice | SottoError {
  try {
    return resolve();
  } catch (error) {
    if (error instanceof SottoError) return error;
    throw error;
  }
}
