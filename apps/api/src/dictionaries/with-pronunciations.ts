import { mergePronunciations, SottoError, type SpeechOptions } from '@sotto/contracts';
import type { Dictionaries } from '@sotto/queue';
import type { Principal } from '../http/principal.ts';

/**
 * What a dictionary has now becomes part of the work: what becomes of the dictionary changes nothing of what is spoken. Entries
 * of the request itself count instead of those for the same word.
 *
 * @throws SottoError `dictionary_not_found`
 */
export async function withPronunciations(
  options: SpeechOptions,
  dictionary: string | undefined,
  { keyId }: Pick<Principal, 'keyId'>,
  { dictionaries }: { dictionaries: Pick<Dictionaries, 'find'> },
): Promise<SpeechOptions> {
  if (dictionary === undefined) return options;
  const found = await dictionaries.find(keyId, dictionary);
  if (found === null) throw new SottoError('dictionary_not_found', `There is no dictionary named ${dictionary}.`);
  return { ...options, pronunciations: mergePronunciations(found.entries, options.pronunciations ?? []) };
}
