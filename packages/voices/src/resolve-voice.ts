import { type OfferedVoice, SottoError, type SpeechOffer } from '@sotto/contracts';
import { blendId, parseBlend } from './blend.ts';
import type { SpeechEngine } from './engine.ts';
import { languageMeant } from './languages.ts';
import { OPENAI_VOICES } from './openai-names.ts';
import { remoteVoiceId } from './remote/remote-voices.ts';

export interface AskedVoice {
  /** A voice's id, a blend, one of OpenAI's names, or `auto`. */
  voice: string;
  /** BCP 47, or `auto`: the voice's own; English where that is `auto` too. */
  language: string;
}

export interface ResolvedVoice {
  engine: string;
  /** As `SpeechEngine.speak` takes it. */
  voice: string;
  language: string;
  /** What an operator and a listener should know, in a sentence; null when there is nothing. */
  warning: string | null;
}

export const offerOf = (engine: SpeechEngine): SpeechOffer => ({
  engine: engine.name,
  model: engine.model,
  digest: engine.digest,
  sampleRateHz: engine.sampleRateHz,
  isDeterministic: engine.isDeterministic,
  usualRtfx: engine.usualRtfx,
  canBlend: engine.canBlend,
  ...(engine.remote && { remote: engine.remote }),
  voices: engine.voices(),
});

/**
 * Which voice of which engine is meant, and in which language it speaks.
 * @param offers the engines, best first
 * @throws SottoError `invalid_parameter` (no such voice), `language_not_supported`, `model_not_available` (nothing can speak)
 */
export function resolveVoice(asked: AskedVoice, offers: readonly SpeechOffer[]): ResolvedVoice {
  if (offers.length === 0) throw new SottoError('model_not_available', 'No voice is installed here.');
  const name = asked.voice.trim();
  const known = Object.hasOwn(OPENAI_VOICES, name.toLowerCase()) ? OPENAI_VOICES[name.toLowerCase()] : undefined;
  if (name.toLowerCase() === 'auto') return bestFor(asked.language, offers, null);
  const preferred = offers.filter(({ remote }) => remote?.auto === 'prefer');
  return (
    namedVoice(name, asked.language, offers) ??
    (known && namedVoice(remoteVoiceId(name), asked.language, preferred)) ??
    (known && namedVoice(known.voice, asked.language, offers)) ??
    (known && bestFor(asked.language, offers, known.gender)) ??
    blendOf(name, asked.language, offers)
  );
}

function namedVoice(name: string, language: string, offers: readonly SpeechOffer[]): ResolvedVoice | null {
  for (const { engine, voices } of offers) {
    const voice = voices.find(({ id }) => id === name.toLowerCase());
    if (voice) return { engine, voice: voice.id, language: languageOf(voice, language), warning: null };
  }
  return null;
}

function languageOf({ id, languages: [own = '', ...others] }: OfferedVoice, asked: string): string {
  if (asked === 'auto') return own;
  // Whoever asks a British voice for English wants it as it is.
  const language = own.split('-')[0] === asked.toLowerCase() ? own : languageMeant(asked, [own, ...others]);
  if (language !== null) return language;
  throw new SottoError('language_not_supported', `The voice ${id} does not speak "${asked}".`);
}

/**
 * The first engine with a voice whose own language it is; espeak-ng, whose voices have all languages, is the last of this machine's. All
 * languages of another server's voice are its own: nobody can tell which is.
 */
function bestFor(asked: string, offers: readonly SpeechOffer[], gender: OfferedVoice['gender']): ResolvedVoice {
  const language = asked === 'auto' ? 'en' : asked;
  for (const { engine, voices, remote } of offers) {
    if (remote?.auto === 'never') continue;
    const isLast = voices.every(({ quality }) => quality === 'low');
    const ownOf = (voice: OfferedVoice) => (isLast || remote ? voice.languages : voice.languages.slice(0, 1));
    const meant = languageMeant(language, voices.flatMap(ownOf));
    if (meant === null) continue;
    const fitting = voices.filter((voice) => ownOf(voice).includes(meant));
    const voice = fitting.find((each) => gender !== null && each.gender === gender) ?? fitting[0];
    if (voice) return { engine, voice: voice.id, language: meant, warning: isLast ? plainVoice(meant) : null };
  }
  throw new SottoError('language_not_supported', `No voice here speaks "${language}".`);
}

const plainVoice = (language: string): string => `No better voice for ${language} is installed than that of espeak-ng.`;

function blendOf(name: string, asked: string, offers: readonly SpeechOffer[]): ResolvedVoice {
  const parts = parseBlend(name);
  const ids = parts.map(({ voice }) => voice);
  const offer = offers.find(({ canBlend, voices }) => canBlend && ids.every((id) => voices.some((v) => v.id === id)));
  const first = offer?.voices.find(({ id }) => id === ids[0]);
  if (!(offer && first)) throw new SottoError('invalid_parameter', `There is no voice "${name}" here.`);
  return { engine: offer.engine, voice: blendId(parts), language: languageOf(first, asked), warning: null };
}
