import { z } from 'zod';
import { type Endpoint, endpoint } from '../../http/endpoint.ts';
import type { ApiSettings } from '../../settings/settings.ts';
import { KEEP_ERRORS } from '../../transcriptions/accept-upload.ts';
import { liveDoor } from '../live-door.ts';
import { type ConversationDeps, converse } from './conversation.ts';

export interface LiveEndpointDeps extends ConversationDeps {
  settings: ConversationDeps['settings'] & Pick<ApiSettings, 'corsOrigins'>;
}

/** Not strict: what clients add is not ours to judge before they have said what they want. */
const query = z.object({
  api_key: z.string().optional().meta({ description: 'API key, for clients that cannot set headers.' }),
});

export function liveEndpoint(deps: LiveEndpointDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/live',
    isStream: true,
    createsWork: true,
    summary: 'Text while somebody speaks',
    description: [
      'A WebSocket. The first message is `start` or `resume`; then audio is sent in binary messages, and commands and events',
      'as JSON in text messages. /asyncapi.json describes them, docs/live.md how to use them.',
    ].join(' '),
    tag: 'live',
    access: 'transcribe',
    keyInQuery: true,
    query,
    audit: 'live.open',
    answers: { 101: { description: 'A WebSocket that carries audio and events.', content: {} } },
    // Before the handshake, or in the message before the socket is closed.
    errors: [
      'invalid_request',
      'invalid_parameter',
      'origin_not_allowed',
      'live_full',
      'too_many_streams',
      'streams_full',
      'live_session_not_found',
      'live_session_taken',
      'live_session_over',
      'live_audio_missing',
      'model_not_available',
      'model_loading',
      'language_not_supported',
      // Of the recording.
      'upgrading',
      'vocabulary_not_found',
      'voice_not_found',
      ...KEEP_ERRORS,
    ],
    handle: async ({ request, response, principal }) => {
      const { accept, onOpen } = liveDoor({ request, response }, deps);
      await converse(await accept(), { principal, onOpen }, deps);
    },
  });
}
