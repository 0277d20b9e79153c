import { randomUUID } from 'node:crypto';
import {
  LEAST_SAMPLE_SPEECH_MS,
  LONGEST_SAMPLE_MS,
  MAX_KNOWN_VOICES,
  SottoError,
  toWireVoice,
  type VoiceForm,
  voiceFormSchema,
  type WireVoiceList,
  wireVoiceListSchema,
  wireVoiceSchema,
} from '@sotto/contracts';
import { foldName, type Voices } from '@sotto/queue';
import { z } from 'zod';
import type { Answer } from '../http/description.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { parseParameters } from '../http/invalid-parameter.ts';
import { localsOf } from '../http/locals.ts';
import { PathParams, uuid } from '../http/path-params.ts';
import { RUN_ERRORS } from '../results/outcome.ts';
import type { ApiSettings } from '../settings/settings.ts';
import { type AcceptDeps, acceptUpload, UPLOAD_ERRORS } from '../transcriptions/accept-upload.ts';
import type { AskedOf } from '../transcriptions/form.ts';
import { askForVoice, type HeardVoiceDeps, heardVoice } from './heard-voice.ts';

export interface VoiceDeps extends AcceptDeps, HeardVoiceDeps {
  settings: ApiSettings;
  voices: Voices;
}

const ALL = '/voices/speakers';
const ONE = `${ALL}/{id}`;
const params = new PathParams(
  z.object({ id: uuid.meta({ description: 'Of the voice.' }) }),
  'voice_not_found',
  'No voice has this id.',
);
const oneAnswer: Answer = { description: 'The voice.', content: { 'application/json': wireVoiceSchema } };
const FILE = z.string().meta({
  description: `A recording in which only this person speaks: at least ${LEAST_SAMPLE_SPEECH_MS / 1000} s of speech, at most ${LONGEST_SAMPLE_MS / 1000} s in all.`,
  override: { type: 'string', format: 'binary' },
});

/** Voices of people who agreed to be recognized, each key's own. What is stored of them is never shown. */
export function voiceEndpoints(deps: VoiceDeps): Endpoint[] {
  return [listEndpoint(deps), createEndpoint(deps), findEndpoint(deps), deleteEndpoint(deps)];
}

function listEndpoint({ voices }: VoiceDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: ALL,
    tag: 'voices',
    access: 'transcribe',
    isRead: true,
    summary: 'List known voices, by name',
    answers: { 200: { description: 'The voices of this key.', content: { 'application/json': wireVoiceListSchema } } },
    errors: [],
    handle: async ({ principal, response }) => {
      const body: WireVoiceList = { voices: (await voices.list(principal.keyId)).map(toWireVoice) };
      response.set('Cache-Control', 'no-store').json(body);
    },
  });
}

function createEndpoint(deps: VoiceDeps): Endpoint {
  return endpoint({
    method: 'post',
    path: ALL,
    tag: 'voices',
    access: 'transcribe',
    createsWork: true,
    audit: 'voice.create',
    streamedBody: { 'multipart/form-data': voiceFormSchema.extend({ file: FILE }) },
    summary: 'Store the voice of a person who agreed to it',
    description: [
      'The sample is heard once and then deleted; what is stored is how the voice sounds, as numbers. A key has at most',
      `${MAX_KNOWN_VOICES}. Turned off unless ENABLE_KNOWN_VOICES is set.`,
    ].join(' '),
    answers: {
      201: { ...oneAnswer, headers: { Location: 'Address of the voice.', 'X-Job-Id': 'Id of the job that heard it.' } },
    },
    errors: [
      'voices_off',
      'voice_exists',
      'voices_full',
      'sample_not_usable',
      'still_running',
      ...UPLOAD_ERRORS,
      ...RUN_ERRORS,
    ],
    handle: async ({ request, response, principal: { keyId } }) => {
      const id = randomUUID();
      localsOf(response).metadata.auditTarget = id;
      const { submitted, options } = await acceptUpload(request, response, sampleForm(keyId, deps), deps);
      response.set({ 'X-Job-Id': submitted.request.id, 'Cache-Control': 'no-store' });
      const heard = await heardVoice(submitted, response, deps);
      const voice = { id, ...options.voice, ...heard, createdAtMs: Date.now() };
      refuse(await deps.voices.put(keyId, voice, MAX_KNOWN_VOICES), voice);
      response.status(201).location(`${request.baseUrl}${ALL}/${id}`).json(toWireVoice(voice));
    },
  });
}

interface SampleOptions extends AskedOf<'voice'> {
  voice: VoiceForm;
}

/** What can be refused at once is, before anybody listens to the sample. */
function sampleForm(keyId: string | null, { voices, settings }: VoiceDeps) {
  if (!settings.knownVoicesEnabled) throw new SottoError('voices_off', 'Its operator can set ENABLE_KNOWN_VOICES.');
  return {
    fileField: 'file',
    isKnownField: (name: string) => name in voiceFormSchema.shape,
    read: async ({ fields }: { fields: Record<string, unknown> }): Promise<SampleOptions> => {
      const voice = parseParameters(voiceFormSchema, fields);
      const known = await voices.list(keyId);
      if (known.some(({ name }) => foldName(name) === foldName(voice.name))) refuse('exists', voice);
      if (known.length >= MAX_KNOWN_VOICES) refuse('full', voice);
      return { ...askForVoice({ leastSpeechMs: LEAST_SAMPLE_SPEECH_MS, longestMs: LONGEST_SAMPLE_MS }), voice };
    },
  };
}

function refuse(outcome: 'created' | 'exists' | 'full', { name }: Pick<VoiceForm, 'name'>): void {
  if (outcome === 'exists') throw new SottoError('voice_exists', `Delete the voice of ${name} first.`);
  if (outcome === 'full') {
    throw new SottoError('voices_full', `This key has ${MAX_KNOWN_VOICES} voices; delete one first.`);
  }
}

function findEndpoint({ voices }: VoiceDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: ONE,
    tag: 'voices',
    access: 'transcribe',
    isRead: true,
    params,
    summary: 'Get a known voice',
    answers: { 200: oneAnswer },
    errors: ['voice_not_found'],
    handle: async ({ params: { id }, principal, response }) => {
      const found = await voices.find(principal.keyId, id);
      if (found === null) throw params.notFound();
      response.set('Cache-Control', 'no-store').json(toWireVoice(found));
    },
  });
}

function deleteEndpoint({ voices }: VoiceDeps): Endpoint {
  return endpoint({
    method: 'delete',
    path: ONE,
    tag: 'voices',
    access: 'transcribe',
    params,
    audit: 'voice.delete',
    summary: 'Delete a known voice',
    description: 'It is recognized no more from then on, also in work that was accepted before.',
    answers: { 204: { description: 'Deleted.', content: {} } },
    errors: ['voice_not_found'],
    handle: async ({ params: { id }, principal, response }) => {
      localsOf(response).metadata.auditTarget = id;
      if (!(await voices.delete(principal.keyId, id))) throw params.notFound();
      response.status(204).end();
    },
  });
}
