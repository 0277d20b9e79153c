import { type MatchedVoice, SottoError, type SpeechOffer } from '@sotto/contracts';
import { languageMeant } from './languages.ts';
import type { ResolvedVoice } from './resolve-voice.ts';

/**
 * What speaks with a voice that was made of an engine's.
 * @param language BCP 47, or `auto`: its own
 * @throws SottoError `language_not_supported`; `speech_unavailable` where its engine is not
 */
export function resolveOwnVoice(
  { id, matched }: { id: string; matched: Pick<MatchedVoice, 'engine' | 'language'> },
  language: string,
  offers: readonly SpeechOffer[],
): ResolvedVoice {
  const { engine } = matched;
  const [voice] = offers.find((offer) => offer.engine === engine && offer.canBlend)?.voices ?? [];
  if (voice === undefined) {
    const missing = `The voice needs ${engine}: ${installHint(engine)}.`;
    throw new SottoError('speech_unavailable', missing, { retryAfterSeconds: RETRY_AFTER_SECONDS });
  }
  const meant =
    language === 'auto' ? matched.language : languageMeant(language, [matched.language, ...voice.languages]);
  if (meant === null || !voice.languages.includes(meant)) {
    throw new SottoError('language_not_supported', `This voice does not speak "${language}".`);
  }
  return { engine, voice: id, language: meant, warning: null };
}

/** Until a worker that has the engine is there. */
const RETRY_AFTER_SECONDS = 60;

/** For whoever runs the workers. */
export const installHint = (engine: string): string => `\`sotto voices install ${engine}\` where the workers run`;
