import { randomUUID } from 'node:crypto';
import { SottoError } from '@sotto/contracts';
import { type ClientSecrets, isClientSecret, newClientSecret } from '@sotto/queue';
import type { Request } from 'express';
import { z } from 'zod';
import { type DoorDeps, serveDoor } from '../../doors/serve-door.ts';
import { deliberateKey, presentedKey } from '../../http/credentials.ts';
import { type Endpoint, endpoint } from '../../http/endpoint.ts';
import { credentialOf } from '../../http/session-principal.ts';
import { liveDoor } from '../../live/live-door.ts';
import type { LiveService } from '../../live/live-service.ts';
import type { ApiSettings } from '../../settings/settings.ts';
import { openAiErrors } from '../errors.ts';
import { RealtimeProtocol } from './protocol.ts';
import { defaultConfig, type SessionConfig, sessionSchema, updated } from './session-config.ts';
import { RealtimeTranslator } from './translator.ts';
import { wireSession } from './wire-session.ts';

export interface RealtimeDeps extends Omit<DoorDeps, 'live'> {
  settings: Pick<ApiSettings, 'corsOrigins' | 'openAiModels'>;
  live: LiveService;
  clientSecrets: ClientSecrets;
}

/** No session lasts longer. */
const SESSION_MS = 12 * 3_600_000;
const SECRET_SECONDS = { least: 10, usual: 600, most: 7_200 };

const query = z.object({
  intent: z.literal('transcription', { error: 'must be transcription' }).optional(),
  model: z.string().max(100).optional().meta({ description: 'As `transcription.model` of the session.' }),
});

/** `WS /v1/realtime?intent=transcription` and its secrets for pages, as OpenAI's clients use them. */
export function realtimeEndpoints(deps: RealtimeDeps): Endpoint[] {
  return [socketEndpoint(deps), secretEndpoint(deps)];
}

function socketEndpoint(deps: RealtimeDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/realtime',
    isStream: true,
    createsWork: true,
    takesClientSecrets: true,
    tag: 'openai',
    access: 'transcribe',
    audit: 'live.open',
    summary: 'Text while somebody speaks (OpenAI Realtime)',
    description: 'A WebSocket that speaks the Realtime protocol for transcription: see docs/openai.md.',
    query,
    answers: { 101: { description: 'A WebSocket that carries audio and events.', content: {} } },
    errors: [
      'invalid_request',
      'invalid_parameter',
      'origin_not_allowed',
      'live_full',
      'too_many_streams',
      'streams_full',
    ],
    errorShapes: [openAiErrors],
    handle: async ({ request, response, principal, query: { model } }) => {
      const presented = deliberateKey(request.headers);
      const { settings } = deps;
      const { accept, onOpen } = liveDoor({ request, response }, { settings, isTrusted: presented !== null });
      await deps.live.mustHaveRoom();
      const config = await configOf(presented, deps);
      const translator = new RealtimeTranslator({
        id: `sess_${randomUUID().replaceAll('-', '')}`,
        expiresAtMs: Date.now() + SESSION_MS,
        models: settings.openAiModels,
        model: model ?? null,
        ...(config !== null && { config }),
      });
      await serveDoor(await accept(), new RealtimeProtocol(translator), { principal, onOpen }, deps);
    },
  });
}

/** What a secret was made for; null: it was made for nothing, or is a key. */
async function configOf(presented: string | null, { clientSecrets }: RealtimeDeps): Promise<SessionConfig | null> {
  if (presented === null || !isClientSecret(presented)) return null;
  const secret = await clientSecrets.find(presented);
  const parsed = sessionSchema.safeParse(JSON.parse(secret?.config ?? 'null'));
  return parsed.success ? updated(defaultConfig(null), parsed.data) : null;
}

const secretBody = z.object({
  expires_after: z
    .object({
      anchor: z.literal('created_at').optional(),
      seconds: z.int().min(SECRET_SECONDS.least).max(SECRET_SECONDS.most).optional(),
    })
    .optional(),
  session: sessionSchema.optional(),
});

const secretAnswer = z
  .object({ value: z.string(), expires_at: z.int(), session: z.record(z.string(), z.unknown()) })
  .meta({ id: 'OpenAiClientSecret' });

function secretEndpoint({ clientSecrets }: RealtimeDeps): Endpoint {
  return endpoint({
    method: 'post',
    path: '/realtime/client_secrets',
    tag: 'openai',
    access: 'transcribe',
    audit: 'live.secret',
    summary: 'A secret with which a page may open live sessions for some minutes (OpenAI)',
    body: secretBody,
    answers: { 200: { description: 'The secret.', content: { 'application/json': secretAnswer } } },
    errors: ['invalid_request', 'invalid_parameter', 'unsupported_media_type'],
    errorShapes: [openAiErrors],
    handle: async ({ request, response, principal, body: { expires_after: expiry, session } }) => {
      const key = principal.keyId === null ? '' : keyOf(request);
      const endsAtMs = Date.now() + 1_000 * (expiry?.seconds ?? SECRET_SECONDS.usual);
      const value = newClientSecret();
      // As it was sent: it is read again by whatever build opens the session.
      const raw: unknown = (request.body as { session?: unknown }).session;
      const config = JSON.stringify(session === undefined ? { type: 'transcription' } : raw);
      const keyId = principal.keyId ?? '';
      const credential = key === '' ? '' : credentialOf(key, keyId, value);
      await clientSecrets.put(value, { keyId, credential, config }, endsAtMs);
      const set = session === undefined ? defaultConfig(null) : updated(defaultConfig(null), session);
      const facts = { id: `sess_${randomUUID().replaceAll('-', '')}`, expiresAtMs: endsAtMs };
      response.set('Cache-Control', 'no-store').json({
        value,
        expires_at: Math.floor(endsAtMs / 1_000),
        session: wireSession(set, facts),
      });
    },
  });
}

/** A secret is as good as the key it was made with. @throws SottoError `forbidden` for a browser's session */
function keyOf(request: Request): string {
  const key = presentedKey(request.headers);
  if (key !== null) return key;
  throw new SottoError('forbidden', 'Secrets for pages are made with an API key.');
}
