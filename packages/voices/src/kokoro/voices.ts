import type { OfferedVoice } from '@sotto/contracts';

/** Our codes of the languages that Kokoro's voices speak, and espeak-ng's, which it reads text with. */
export const KOKORO_LANGUAGES: Readonly<Record<string, string>> = {
  'en-us': 'en-us',
  'en-gb': 'en-gb-x-rp',
  es: 'es',
  'es-419': 'es-419',
  fr: 'fr',
  it: 'it',
  'pt-br': 'pt-br',
  hi: 'hi',
  ja: 'ja',
};

/** By the first letter of a voice. Chinese is missing: it needs a dictionary that no package has. */
const OWN_LANGUAGE: Readonly<Record<string, string>> = {
  a: 'en-us',
  b: 'en-gb',
  e: 'es',
  f: 'fr',
  h: 'hi',
  i: 'it',
  j: 'ja',
  p: 'pt-br',
};

/** The voices in the order of preference, with the grades of their maker (huggingface: hexgrad/Kokoro-82M, VOICES.md) as three steps. */
const BY_QUALITY: Readonly<Record<OfferedVoice['quality'], string>> = {
  high: 'af_heart af_bella bf_emma af_nicole ff_siwis',
  medium: `am_fenrir am_michael am_puck af_aoede af_kore af_sarah af_alloy af_nova af_sky bm_fable bm_george bf_isabella
    ef_dora em_alex em_santa hf_alpha hf_beta hm_omega hm_psi if_sara im_nicola pf_dora pm_alex pm_santa`,
  low: `am_onyx am_echo am_eric am_liam am_santa am_adam af_jessica af_river bm_daniel bm_lewis bf_alice bf_lily
    jf_alpha jf_gongitsune jf_nezumi jf_tebukuro jm_kumo`,
};

export const KOKORO_VOICES: readonly OfferedVoice[] = (['high', 'medium', 'low'] as const).flatMap((quality) =>
  BY_QUALITY[quality].split(/\s+/).map((id) => voiceOf(id, quality)),
);

/** What a voice of Kokoro's speaks, by its name; null: it is not called as they are. */
export function kokoroLanguage(id: string): string | null {
  const [, letter = ''] = /^([a-z])[fm]_[a-z]+$/.exec(id) ?? [];
  return OWN_LANGUAGE[letter] ?? (letter === 'z' ? 'cmn' : null);
}

function voiceOf(id: string, quality: OfferedVoice['quality']): OfferedVoice {
  const [kind = '', name = ''] = id.split('_');
  const own = OWN_LANGUAGE[kind[0] ?? ''] ?? 'en-us';
  return {
    id,
    name: `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    languages: [own, ...Object.keys(KOKORO_LANGUAGES).filter((code) => code !== own)],
    gender: kind[1] === 'f' ? 'female' : 'male',
    quality,
    kind: 'stock',
    licence: 'Apache-2.0',
  };
}
