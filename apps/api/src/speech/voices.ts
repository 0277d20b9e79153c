import {
  toWireSpokenVoices,
  type WireSpokenVoice,
  type WireSpokenVoiceList,
  wireSpokenVoiceListSchema,
} from '@sotto/contracts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import type { VoiceDirectory } from './voice-directory.ts';

export function spokenVoicesEndpoint({ voiceDirectory }: { voiceDirectory: VoiceDirectory }): Endpoint {
  return endpoint({
    method: 'get',
    path: '/voices',
    isRead: true,
    summary: 'List the voices that texts can be spoken with',
    description: 'Those of the workers that are there, best first. Known voices of people are under /voices/speakers.',
    tag: 'speech',
    access: 'key',
    answers: { 200: { description: 'The voices.', content: { 'application/json': wireSpokenVoiceListSchema } } },
    errors: [],
    handle: async ({ request, response }) => {
      const offers = await voiceDirectory.offers();
      const withSample = (voice: WireSpokenVoice) => ({
        ...voice,
        sample: `${request.baseUrl}/voices/${encodeURIComponent(voice.id)}/sample`,
      });
      const body: WireSpokenVoiceList = {
        voices: offers.flatMap((offer) => toWireSpokenVoices(offer).map(withSample)),
      };
      response.set('Cache-Control', 'no-store').json(body);
    },
  });
}
