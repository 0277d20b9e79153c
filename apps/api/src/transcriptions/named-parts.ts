import { mergeKeyterms, SottoError } from '@sotto/contracts';
import type { Vocabularies } from '@sotto/queue';
import type { Principal } from '../http/principal.ts';
import { type KnownSpeakersDeps, knownSpeakers } from '../voices/known-speakers.ts';
import type { AskedOptions } from './form.ts';

export interface NamedDeps extends KnownSpeakersDeps {
  vocabularies: Pick<Vocabularies, 'find'>;
}

/** What a request only names becomes part of its work, as it is now. */
export async function withNamed<T extends AskedOptions['run']>(
  options: T,
  { vocabulary, knownSpeakers: asked }: Pick<AskedOptions, 'vocabulary' | 'knownSpeakers'>,
  principal: Principal,
  deps: NamedDeps,
): Promise<T> {
  const known = await knownSpeakers(asked, principal, deps);
  const speakers = 'speakers' in options ? { speakers: { ...options.speakers, ...known } } : {};
  return { ...(await withVocabulary(options, vocabulary, principal, deps)), ...speakers };
}

/** A term that the request names itself counts instead of one of the list. */
async function withVocabulary<T extends AskedOptions['run']>(
  options: T,
  name: string | undefined,
  { keyId }: Principal,
  { vocabularies }: Pick<NamedDeps, 'vocabularies'>,
): Promise<T> {
  if (name === undefined) return options;
  const found = await vocabularies.find(keyId, name);
  if (found === null) throw new SottoError('vocabulary_not_found', `There is no vocabulary named ${name}.`);
  const own = 'keyterms' in options ? (options.keyterms ?? []) : [];
  return { ...options, keyterms: mergeKeyterms(found.entries, own) };
}
