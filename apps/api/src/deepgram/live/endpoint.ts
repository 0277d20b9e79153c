import { type DoorDeps, serveDoor } from '../../doors/serve-door.ts';
import { deliberateKey } from '../../http/credentials.ts';
import { type Endpoint, endpoint } from '../../http/endpoint.ts';
import { localsOf } from '../../http/locals.ts';
import { liveDoor } from '../../live/live-door.ts';
import type { LiveService } from '../../live/live-service.ts';
import type { ApiSettings } from '../../settings/settings.ts';
import { deepgramErrors } from '../errors.ts';
import { liveQuery, liveWishOf } from './live-query.ts';
import { ListenProtocol } from './protocol.ts';
import { ListenTranslator } from './translator.ts';

export interface ListenDeps extends Omit<DoorDeps, 'live'> {
  settings: Pick<ApiSettings, 'corsOrigins' | 'openAiModels' | 'version'>;
  live: LiveService;
}

/** `WS /v1/listen`, as Deepgram's clients use it (deepgram/deepgram-js-sdk, listen.v1). */
export function listenEndpoint(deps: ListenDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/listen',
    isStream: true,
    createsWork: true,
    tag: 'deepgram',
    access: 'transcribe',
    audit: 'live.open',
    summary: 'Text while somebody speaks (Deepgram)',
    description:
      'A WebSocket: audio in binary messages, results as JSON. Unknown parameters have no effect; docs/deepgram.md.',
    query: liveQuery,
    answers: { 101: { description: 'A WebSocket that carries audio and results.', content: {} } },
    errors: [
      'invalid_request',
      'invalid_parameter',
      'origin_not_allowed',
      'live_full',
      'model_not_available',
      'model_loading',
      'language_not_supported',
      'too_many_streams',
      'streams_full',
    ],
    errorShapes: [deepgramErrors],
    handle: async ({ request, response, principal, query }) => {
      const { settings, live } = deps;
      const isTrusted = deliberateKey(request.headers) !== null;
      const otherwise = 'Send a recording with POST, or connect with `Upgrade: websocket`.';
      const { accept, onOpen } = liveDoor({ request, response }, { settings, isTrusted, otherwise });
      const wish = liveWishOf(query, settings.openAiModels);
      await live.mustHaveRoom();
      const model = (await live.modelOf(wish.options, principal)) ?? '';
      const facts = {
        requestId: localsOf(response).requestId,
        createdAtMs: Date.now(),
        model,
        version: settings.version,
      };
      const translator = new ListenTranslator({ ...wish, ...facts });
      await serveDoor(await accept(), new ListenProtocol(translator), { principal, onOpen }, deps);
    },
  });
}
