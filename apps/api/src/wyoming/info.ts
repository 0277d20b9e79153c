import { LANGUAGE_CODES } from '@sotto/contracts';
import type { Fleet } from '@sotto/queue';

const SOTTO = { name: 'Sotto', url: '' };
const OPENAI = { name: 'OpenAI', url: 'https://github.com/openai/whisper' };

/** What `describe` is answered with: one program, with the models that are installed. */
export function infoOf({ models }: Pick<Fleet, 'models'>, version: string): Record<string, unknown> {
  return {
    asr: [
      {
        name: 'sotto',
        description: 'Whisper, with text while somebody speaks',
        attribution: SOTTO,
        installed: true,
        version,
        models: models.map(({ name, multilingual }) => ({
          name,
          description: name,
          attribution: OPENAI,
          installed: true,
          version: null,
          languages: multilingual ? LANGUAGE_CODES : ['en'],
        })),
        supports_transcript_streaming: true,
        requires_external_vad: true,
        prefers_auto_gain_enabled: false,
        prefers_noise_reduction_enabled: false,
      },
    ],
    ...Object.fromEntries(['tts', 'handle', 'intent', 'wake', 'mic', 'snd'].map((domain) => [domain, []])),
  };
}
