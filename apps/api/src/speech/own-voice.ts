import { type MatchedVoice, SottoError } from '@sotto/contracts';
import type { OwnVoices } from '@sotto/queue';
import { type AskedVoice, resolveOwnVoice } from '@sotto/voices';
import type { Principal } from '../http/principal.ts';
import type { ExpectedVoice, VoiceDirectory } from './voice-directory.ts';

export interface OwnVoiceMeantDeps {
  ownVoices: Pick<OwnVoices, 'voice'>;
  voiceDirectory: VoiceDirectory;
}

/**
 * The voice of its own that a key asks for.
 *
 * @throws SottoError `voice_not_found`, `voice_not_ready`, `language_not_supported`; `speech_unavailable` without its engine
 */
export async function ownVoiceMeant(
  { voice: id, language }: AskedVoice,
  { keyId }: Pick<Principal, 'keyId'>,
  { ownVoices, voiceDirectory }: OwnVoiceMeantDeps,
): Promise<ExpectedVoice> {
  const voice = await ownVoices.voice(keyId, id);
  if (voice === null) throw new SottoError('voice_not_found', 'No voice has this id.');
  const matched: MatchedVoice | undefined = voice.matched;
  if (matched === undefined) {
    throw new SottoError('voice_not_ready', `GET /voices/${id} says how far it is, and why it failed.`, {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }
  const offers = await voiceDirectory.offers();
  const resolved = resolveOwnVoice({ id, matched }, language, offers);
  const offer = offers.find(({ engine }) => engine === resolved.engine);
  return { ...resolved, sampleRateHz: offer?.sampleRateHz ?? 0, digest: offer?.digest ?? null };
}

const RETRY_AFTER_SECONDS = 60;
