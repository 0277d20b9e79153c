import { SottoError } from '@sotto/contracts';
import { z } from 'zod';
import { type Endpoint, endpoint } from '../../http/endpoint.ts';
import { localsOf } from '../../http/locals.ts';
import { checkOrigin } from '../../http/own-origin.ts';
import { upgradeOf } from '../../http/upgrade.ts';
import type { ApiSettings } from '../../settings/settings.ts';
import { DoorSocket } from '../door-socket.ts';
import { type ConversationDeps, converse } from './conversation.ts';

export interface LiveEndpointDeps extends ConversationDeps {
  settings: Pick<ApiSettings, 'corsOrigins'>;
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
    ],
    handle: async ({ request, response, principal }) => {
      const upgrade = upgradeOf(request);
      if (upgrade === null)
        throw new SottoError('invalid_request', 'This is a WebSocket: connect with `Upgrade: websocket`.');
      // CORS does not apply to WebSockets, which pages of other sites may open.
      checkOrigin(request, deps.settings);
      const { metadata } = localsOf(response);
      const onOpen = (sessionId: string) => {
        metadata.sessionId = sessionId;
      };
      await converse(await DoorSocket.accept(request, response, upgrade), { principal, onOpen }, deps);
    },
  });
}
