import {
  toWireSpokenVoices,
  type WireSpokenVoice,
  type WireSpokenVoiceList,
  wireSpokenVoiceListSchema,
} from '@sotto/contracts';
import type { Usage } from '@sotto/queue';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import type { Principal } from '../http/principal.ts';
import { spokenOwnVoices, toWireOwnVoice, type ViewDeps } from '../own-voices/view.ts';
import { rangeOf } from '../usage/range.ts';
import { usesOf } from '../usage/voice-report.ts';
import type { VoiceDirectory } from './voice-directory.ts';

export type SpokenVoicesDeps = ViewDeps & { voiceDirectory: VoiceDirectory; usage: Pick<Usage, 'voices'> };

export function spokenVoicesEndpoint(deps: SpokenVoicesDeps): Endpoint {
  const { voiceDirectory, ownVoices, usage } = deps;
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
      const uses = await usesFor(principal, usage);
      const withUses = <T extends { id: string }>(voice: T) => ({ ...voice, uses: uses.get(voice.id) ?? 0 });
      const voices = [...spokenOwnVoices(made, offers), ...all].map(withUses);
      const body: WireSpokenVoiceList = { voices, ...(own.length > 0 && { own: own.map(withUses) }) };
      response.set('Cache-Control', 'no-store').json(body);
    },
  });
}

/** Of the last 30 days. An operator sees what all keys have used; own voices are their key's alone. */
async function usesFor(
  { keyId, isAdmin }: Pick<Principal, 'keyId' | 'isAdmin'>,
  { voices }: Pick<Usage, 'voices'>,
): Promise<Map<string, number>> {
  const { from, to } = rangeOf({});
  const own = usesOf(await voices.ofKey(keyId, from, to));
  return isAdmin ? new Map([...own, ...usesOf(await voices.ofAll(from, to))]) : own;
}
