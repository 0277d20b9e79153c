import { renameSchema, wireOwnVoiceSchema } from '@sotto/contracts';
import type { Answer } from '../http/description.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { BODY_ERRORS } from '../http/json-body.ts';
import { localsOf } from '../http/locals.ts';
import { ownVoiceParams } from './params.ts';
import { type RemoveVoicesDeps, removeVoices } from './remove.ts';
import { toWireOwnVoice, type ViewDeps } from './view.ts';

export type OwnVoiceDeps = ViewDeps & RemoveVoicesDeps;

const ONE = '/voices/{id}';
const oneAnswer: Answer = { description: 'The voice.', content: { 'application/json': wireOwnVoiceSchema } };

/** Voices that a key has made of samples; `POST /v1/audio/voices` makes them. */
export function ownVoiceEndpoints(deps: OwnVoiceDeps): Endpoint[] {
  return [findEndpoint(deps), renameEndpoint(deps), deleteEndpoint(deps)];
}

function findEndpoint(deps: OwnVoiceDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: ONE,
    tag: 'speech',
    access: 'transcribe',
    isRead: true,
    params: ownVoiceParams,
    summary: 'Get a voice that was made of a sample, and how far that is',
    answers: { 200: oneAnswer },
    errors: ['voice_not_found'],
    handle: async ({ params: { id }, principal, response }) => {
      const voice = await deps.ownVoices.voice(principal.keyId, id);
      if (voice === null) throw ownVoiceParams.notFound();
      response.set('Cache-Control', 'no-store').json(await toWireOwnVoice(voice, principal, deps));
    },
  });
}

function renameEndpoint(deps: OwnVoiceDeps): Endpoint {
  return endpoint({
    method: 'patch',
    path: ONE,
    tag: 'speech',
    access: 'transcribe',
    params: ownVoiceParams,
    body: renameSchema,
    audit: 'voice.change',
    summary: 'Rename a voice that was made of a sample',
    answers: { 200: oneAnswer },
    errors: ['voice_not_found', ...BODY_ERRORS],
    handle: async ({ params: { id }, body: { name }, principal, response }) => {
      localsOf(response).metadata.auditTarget = id;
      const voice = await deps.ownVoices.renameVoice(principal.keyId, id, name);
      if (voice === null) throw ownVoiceParams.notFound();
      response.set('Cache-Control', 'no-store').json(await toWireOwnVoice(voice, principal, deps));
    },
  });
}

function deleteEndpoint(deps: OwnVoiceDeps): Endpoint {
  return endpoint({
    method: 'delete',
    path: ONE,
    tag: 'speech',
    access: 'transcribe',
    params: ownVoiceParams,
    audit: 'voice.delete',
    summary: 'Delete a voice that was made of a sample',
    description: 'With the sample. Nothing is spoken with it from then on, also of texts that were accepted before.',
    answers: { 204: { description: 'Deleted.', content: {} } },
    errors: ['voice_not_found'],
    handle: async ({ params: { id }, principal, response }) => {
      localsOf(response).metadata.auditTarget = id;
      if ((await removeVoices(principal.keyId, id, deps)) === 0) throw ownVoiceParams.notFound();
      response.status(204).end();
    },
  });
}
