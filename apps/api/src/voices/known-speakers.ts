import { ALL_VOICES, type AskedVoices, SottoError } from '@sotto/contracts';
import { foldName, type Voices } from '@sotto/queue';
import { invalidParameter } from '../http/invalid-parameter.ts';
import type { Principal } from '../http/principal.ts';
import type { ApiSettings } from '../settings/settings.ts';

export interface KnownSpeakersDeps {
  voices: Pick<Voices, 'list'>;
  settings: Pick<ApiSettings, 'knownVoicesEnabled'>;
}

/**
 * The ids of the voices that a request asks for, as they are now. Equal voices make equal work; a new voice of the same name
 * does not.
 *
 * @throws SottoError `voice_not_found`; `invalid_parameter` where this service knows no voices.
 */
export async function knownSpeakers(
  asked: AskedVoices | undefined,
  { keyId }: Principal,
  { voices, settings }: KnownSpeakersDeps,
): Promise<{ known?: string[] }> {
  if (asked === undefined) return {};
  if (!settings.knownVoicesEnabled) {
    throw invalidParameter('known_speakers', 'is turned off on this service (ENABLE_KNOWN_VOICES)');
  }
  const all = await voices.list(keyId);
  const idOf = (name: string): string => {
    const found = all.find((voice) => foldName(voice.name) === foldName(name));
    if (found === undefined) throw new SottoError('voice_not_found', `There is no voice named ${name}.`);
    return found.id;
  };
  const ids = asked === ALL_VOICES ? all.map(({ id }) => id) : asked.map(idOf);
  return ids.length > 0 ? { known: [...new Set(ids)].sort() } : {};
}
