import { MAX_VOICE_NAME_CHARACTERS, SottoError } from '@sotto/contracts';
import { z } from 'zod';
import { type Endpoint, endpoint } from '../../http/endpoint.ts';
import { PathParams } from '../../http/path-params.ts';
import { SPEECH_RUN_ERRORS } from '../../results/outcome.ts';
import { sendStored } from '../../results/send-blob.ts';
import type { ApiSettings } from '../../settings/settings.ts';
import { SYNTHETIC } from '../../sound/send-sound.ts';
import { VoiceSamples, type VoiceSamplesDeps } from './voice-samples.ts';

export type VoiceSampleDeps = VoiceSamplesDeps & { settings: Pick<ApiSettings, 'speechIdleMs'> };

const params = new PathParams(
  z.object({ id: z.string().min(1).max(MAX_VOICE_NAME_CHARACTERS) }),
  'voice_not_found',
  'No worker offers a voice of that name.',
);
const query = z.object({
  language: z.string().trim().min(2).max(35).optional().meta({ description: "One of the voice's; absent: its own." }),
});
const PART = { 'Content-Range': 'Which bytes these are, and of how many.' };

/** A voice to listen to before it is chosen. */
export function voiceSampleEndpoint(deps: VoiceSampleDeps): Endpoint {
  const { voiceDirectory, storage, settings } = deps;
  const samples = new VoiceSamples(deps);
  return endpoint({
    method: 'get',
    path: '/voices/{id}/sample',
    summary: 'Listen to a voice',
    description:
      'A short sentence in a language of the voice, as a WAV file. It is made once and then kept for SPEECH_CACHE_TTL, and no key is charged for it. `Range` asks for a part.',
    tag: 'speech',
    access: 'key',
    createsWork: true,
    isStream: true,
    params,
    query,
    answers: {
      200: { description: 'The sentence.', content: { 'audio/wav': null } },
      206: { description: 'The part that the `Range` header asks for.', content: { 'audio/wav': null }, headers: PART },
    },
    errors: [
      'voice_not_found',
      'invalid_parameter',
      'language_not_supported',
      'speech_unavailable',
      'range_not_satisfiable',
      'too_many_streams',
      'streams_full',
      ...SPEECH_RUN_ERRORS,
    ],
    handle: async ({ params: { id }, query: { language = 'auto' }, request, response }) => {
      const offers = await voiceDirectory.offers();
      // Blends, and names for voices, are as many as anybody cares to write.
      if (!offers.some(({ voices }) => voices.some((voice) => voice.id === id))) throw params.notFound();
      const voice = await voiceDirectory.resolve({ voice: id, language });
      const file = await samples.of(voice, response);
      response.set({ ...SYNTHETIC, 'Cache-Control': 'private, max-age=3600' });
      const gone = () => new SottoError('storage_unavailable', 'The sample has just been removed.');
      await sendStored(request, response, file, { storage, gone, idleMs: settings.speechIdleMs });
    },
  });
}
