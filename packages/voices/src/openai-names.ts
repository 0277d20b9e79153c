import type { OfferedVoice } from '@sotto/contracts';

interface Stand {
  voice: string;
  gender: OfferedVoice['gender'];
}

/** OpenAI's names of voices, and ours that come closest: the same choice as Kokoro-FastAPI's for those that it has. */
export const OPENAI_VOICES: Readonly<Record<string, Stand>> = {
  alloy: { voice: 'af_alloy', gender: 'female' },
  ash: { voice: 'am_michael', gender: 'male' },
  ballad: { voice: 'bm_fable', gender: 'male' },
  coral: { voice: 'af_bella', gender: 'female' },
  echo: { voice: 'am_echo', gender: 'male' },
  fable: { voice: 'bm_fable', gender: 'male' },
  onyx: { voice: 'am_onyx', gender: 'male' },
  nova: { voice: 'af_nova', gender: 'female' },
  sage: { voice: 'af_sarah', gender: 'female' },
  shimmer: { voice: 'af_aoede', gender: 'female' },
  verse: { voice: 'am_puck', gender: 'male' },
  marin: { voice: 'af_heart', gender: 'female' },
  cedar: { voice: 'am_fenrir', gender: 'male' },
};
