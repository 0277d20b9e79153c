import { toWireSpokenVoices, type WireSpokenVoiceList, wireSpokenVoiceListSchema } from '@sotto/contracts';
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
    handle: async ({ response }) => {
      const offers = await voiceDirectory.offers();
      const body: WireSpokenVoiceList = { voices: offers.flatMap(toWireSpokenVoices) };
      response.set('Cache-Control', 'no-store').json(body);
    },
  });
}
