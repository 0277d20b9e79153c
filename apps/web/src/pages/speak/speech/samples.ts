import type { WireSpokenVoice } from '@sotto/client';

/** By language; what a voice of another one says is English. */
const SAMPLES: Readonly<Record<string, string>> = {
  de: 'So klingt diese Stimme, wenn sie etwas vorliest.',
  en: 'This is how this voice sounds when it reads to you.',
  es: 'Así suena esta voz cuando le lee algo.',
  fr: 'Voici comment cette voix lit un texte.',
  it: 'Ecco come suona questa voce quando legge.',
  pt: 'É assim que esta voz soa quando lê para você.',
};

/** What a voice says so that somebody can choose it. */
export function sampleFor(voice: Pick<WireSpokenVoice, 'languages'> | undefined): string {
  const [language = 'en'] = voice?.languages[0]?.split('-') ?? [];
  return SAMPLES[language] ?? String(SAMPLES.en);
}
