import {
  toWireSpokenVoices,
  type WireSpokenVoice,
  type WireSpokenVoiceList,
  wireSpokenVoiceListSchema,
} from '@sotto/contracts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { spokenOwnVoices, toWireOwnVoice, type ViewDeps } from '../own-voices/view.ts';
import type { VoiceDirectory } from './voice-directory.ts';

export type SpokenVoicesDeps = ViewDeps & { voiceDirectory: VoiceDirectory };

export function spokenVoicesEndpoint(deps: SpokenVoicesDeps): Endpoint {
  const { voiceDirectory, ownVoices } = deps;
  return endpoint({
    method: 'get',
    path: '/voices',
    isRead: true,
    summary: 'List the voices that texts can be spoken with',
    description: [
      'Those of the workers that are there, best first, after those that this key has made of samples and are ready; `own` has all',
      'of these. Known voices of people are under /voices/speakers.',
    ].join(' '),
    tag: 'speech',
    access: 'key',
    answers: { 200: { description: 'The voices.', content: { 'application/json': wireSpokenVoiceListSchema } } },
    errors: [],
    handle: async ({ request, response, principal }) => {
      const offers = await voiceDirectory.offers();
      const withSample = (voice: WireSpokenVoice) => ({
        ...voice,
        sample: `${request.baseUrl}/voices/${encodeURIComponent(voice.id)}/sample`,
      });
      const made = await ownVoices.voices(principal.keyId);
      const own = await Promise.all(made.map((voice) => toWireOwnVoice(voice, principal, deps)));
      const all = offers.flatMap((offer) => toWireSpokenVoices(offer).map(withSample));
      const voices = [...spokenOwnVoices(made, offers), ...all];
      const body: WireSpokenVoiceList = { voices, ...(own.length > 0 && { own }) };
      response.set('Cache-Control', 'no-store').json(body);
    },
  });
}
