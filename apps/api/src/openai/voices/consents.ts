import { consentFormSchema, consentIdSchema, MAX_VOICE_CONSENTS, renameSchema, SottoError } from '@sotto/contracts';
import type { VoiceConsent } from '@sotto/queue';
import { z } from 'zod';
import type { Answer } from '../../http/description.ts';
import { type Endpoint, endpoint } from '../../http/endpoint.ts';
import { BODY_ERRORS } from '../../http/json-body.ts';
import { localsOf } from '../../http/locals.ts';
import { PathParams } from '../../http/path-params.ts';
import { type HearFileDeps, hearFile, removeFile } from '../../own-voices/hear-file.ts';
import { newConsentId } from '../../own-voices/ids.ts';
import { type RemoveVoicesDeps, removeVoices } from '../../own-voices/remove.ts';
import { RUN_ERRORS } from '../../results/outcome.ts';
import { UPLOAD_ERRORS } from '../../transcriptions/accept-upload.ts';
import { openAiErrors } from '../errors.ts';

export type ConsentDeps = HearFileDeps & RemoveVoicesDeps;

const ALL = '/audio/voice_consents';
const ONE = `${ALL}/{id}`;
const params = new PathParams(
  z.object({ id: consentIdSchema.meta({ description: 'Of the consent.' }) }),
  'consent_not_found',
  'No consent has this id.',
);
const consentSchema = z
  .object({
    id: z.string(),
    /** Unix time, in seconds. */
    created_at: z.int(),
    language: z.string(),
    name: z.string(),
    object: z.literal('audio.voice_consent'),
  })
  .meta({ id: 'OpenAiVoiceConsent' });
const listSchema = z
  .object({
    object: z.literal('list'),
    data: z.array(consentSchema),
    first_id: z.string().nullable(),
    last_id: z.string().nullable(),
    has_more: z.boolean(),
  })
  .meta({ id: 'OpenAiVoiceConsentList' });
const deletedSchema = z
  .object({ id: z.string(), deleted: z.literal(true), object: z.literal('audio.voice_consent') })
  .meta({ id: 'OpenAiVoiceConsentDeleted' });
const oneAnswer: Answer = { description: 'The consent.', content: { 'application/json': consentSchema } };
const FILE = z.string().meta({
  description: 'In which the person says that they agree; at most 10 MiB.',
  override: { type: 'string', format: 'binary' },
});
const shared = { tag: 'openai', access: 'transcribe', errorShapes: [openAiErrors] } as const;

/** Consents of people to a voice being made of theirs, as OpenAI has them. */
export function consentEndpoints(deps: ConsentDeps): Endpoint[] {
  return [createEndpoint(deps), listEndpoint(deps), findEndpoint(deps), renameEndpoint(deps), deleteEndpoint(deps)];
}

const toWire = ({ id, createdAtMs, language, name }: VoiceConsent): z.infer<typeof consentSchema> => {
  return { id, created_at: Math.floor(createdAtMs / 1000), language, name, object: 'audio.voice_consent' };
};

/** @throws SottoError `voices_off` */
export function mustBeOn({ settings }: Pick<ConsentDeps, 'settings'>): void {
  if (!settings.ownVoicesEnabled) throw new SottoError('voices_off', 'Its operator can set ENABLE_OWN_VOICES.');
}

function full(): SottoError {
  return new SottoError('voices_full', `This key has ${MAX_VOICE_CONSENTS} consents; delete one first.`);
}

function createEndpoint(deps: ConsentDeps): Endpoint {
  const { ownVoices } = deps;
  return endpoint({
    ...shared,
    method: 'post',
    path: ALL,
    createsWork: true,
    audit: 'consent.create',
    streamedBody: { 'multipart/form-data': consentFormSchema.extend({ recording: FILE }) },
    summary: 'Store a recording in which somebody agrees to a voice being made of theirs (OpenAI)',
    description:
      'It is kept until it is deleted. One person has to be heard in it, who has to be heard in the samples, too.',
    answers: { 200: { ...oneAnswer, headers: { 'X-Job-Id': 'Id of the job that heard it.' } } },
    errors: ['voices_off', 'voices_full', 'sample_not_usable', 'still_running', ...UPLOAD_ERRORS, ...RUN_ERRORS],
    handle: async ({ request, response, principal: { keyId } }) => {
      mustBeOn(deps);
      const id = newConsentId();
      localsOf(response).metadata.auditTarget = id;
      const check = async () => {
        if ((await ownVoices.consents(keyId)).length >= MAX_VOICE_CONSENTS) throw full();
        return {};
      };
      const asked = { kind: 'consent', id, form: consentFormSchema, check } as const;
      const { fields, heard, blobKey } = await hearFile(request, response, asked, deps);
      const { model, embedding } = heard;
      const consent = { id, ...fields, createdAtMs: Date.now(), blobKey, model, embedding };
      if ((await ownVoices.putConsent(keyId, consent)) === 'full') {
        await removeFile(blobKey, deps);
        throw full();
      }
      response.json(toWire(consent));
    },
  });
}

function listEndpoint({ ownVoices }: ConsentDeps): Endpoint {
  return endpoint({
    ...shared,
    method: 'get',
    path: ALL,
    isRead: true,
    summary: 'List consents, newest first (OpenAI)',
    description: 'All of them: `limit` and `after` have no effect.',
    answers: { 200: { description: 'The consents of this key.', content: { 'application/json': listSchema } } },
    errors: [],
    handle: async ({ principal, response }) => {
      const data = (await ownVoices.consents(principal.keyId)).reverse().map(toWire);
      const ends = { first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
      response.set('Cache-Control', 'no-store');
      response.json({ object: 'list', data, ...ends, has_more: false } satisfies z.infer<typeof listSchema>);
    },
  });
}

function findEndpoint({ ownVoices }: ConsentDeps): Endpoint {
  return endpoint({
    ...shared,
    method: 'get',
    path: ONE,
    isRead: true,
    params,
    summary: 'Get a consent (OpenAI)',
    answers: { 200: oneAnswer },
    errors: ['consent_not_found'],
    handle: async ({ params: { id }, principal, response }) => {
      const consent = await ownVoices.consent(principal.keyId, id);
      if (consent === null) throw params.notFound();
      response.set('Cache-Control', 'no-store').json(toWire(consent));
    },
  });
}

function renameEndpoint({ ownVoices }: ConsentDeps): Endpoint {
  return endpoint({
    ...shared,
    method: 'post',
    path: ONE,
    params,
    body: renameSchema,
    audit: 'consent.change',
    summary: 'Rename a consent (OpenAI)',
    answers: { 200: oneAnswer },
    errors: ['consent_not_found', ...BODY_ERRORS],
    handle: async ({ params: { id }, body: { name }, principal, response }) => {
      localsOf(response).metadata.auditTarget = id;
      const consent = await ownVoices.renameConsent(principal.keyId, id, name);
      if (consent === null) throw params.notFound();
      response.json(toWire(consent));
    },
  });
}

function deleteEndpoint(deps: ConsentDeps): Endpoint {
  return endpoint({
    ...shared,
    method: 'delete',
    path: ONE,
    params,
    audit: 'consent.delete',
    summary: 'Delete a consent, with all voices that it was given for (OpenAI)',
    answers: { 200: { description: 'Deleted.', content: { 'application/json': deletedSchema } } },
    errors: ['consent_not_found'],
    handle: async ({ params: { id }, principal, response }) => {
      localsOf(response).metadata.auditTarget = id;
      if ((await removeVoices(principal.keyId, id, deps)) === 0) throw params.notFound();
      response.json({ id, deleted: true, object: 'audio.voice_consent' } satisfies z.infer<typeof deletedSchema>);
    },
  });
}
