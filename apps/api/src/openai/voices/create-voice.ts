import {
  deliveryOptionsOf,
  MAX_OWN_VOICES,
  type OwnVoiceForm,
  ownVoiceFormSchema,
  SottoError,
  type SpeechOffer,
  type VoiceOptions,
} from '@sotto/contracts';
import type { OwnVoice, VoiceConsent } from '@sotto/queue';
import { installHint, matchCharacters } from '@sotto/voices';
import type { Response } from 'express';
import { z } from 'zod';
import { type Endpoint, endpoint } from '../../http/endpoint.ts';
import { localsOf } from '../../http/locals.ts';
import { type HeardFile, hearFile, removeFile } from '../../own-voices/hear-file.ts';
import { newSeed, newVoiceId } from '../../own-voices/ids.ts';
import { RUN_ERRORS } from '../../results/outcome.ts';
import { type AcceptTextDeps, acceptText } from '../../speech/accept-text.ts';
import type { VoiceDirectory } from '../../speech/voice-directory.ts';
import { UPLOAD_ERRORS } from '../../transcriptions/accept-upload.ts';
import { withAddressOfKey } from '../../transcriptions/wanted.ts';
import { openAiErrors } from '../errors.ts';
import { type ConsentDeps, mustBeOn } from './consents.ts';

export type CreateVoiceDeps = ConsentDeps & AcceptTextDeps & { voiceDirectory: VoiceDirectory };

/** Of the search: more of them gained nothing on sentences that it was not fitted to. */
const GENERATIONS = 14;
/** Until a worker that has the engine is there. */
const RETRY_AFTER_SECONDS = 60;

const voiceSchema = z
  .object({
    id: z.string(),
    /** Unix time, in seconds. */
    created_at: z.int(),
    name: z.string(),
    object: z.literal('audio.voice'),
    type: z.literal('audio_sample'),
  })
  .meta({ id: 'OpenAiVoice' });
const FILE = z.string().meta({
  description: 'Of the person who has agreed: at least 5 s of speech, at most 30 s in all, at most 10 MiB.',
  override: { type: 'string', format: 'binary' },
});

export function createVoiceEndpoint(deps: CreateVoiceDeps): Endpoint {
  return endpoint({
    method: 'post',
    path: '/audio/voices',
    tag: 'openai',
    access: 'transcribe',
    createsWork: true,
    audit: 'voice.create',
    streamedBody: { 'multipart/form-data': ownVoiceFormSchema.extend({ audio_sample: FILE }) },
    errorShapes: [openAiErrors],
    summary: 'Make a voice of a sample (OpenAI; experimental)',
    description: [
      'It is no clone: the voices of the engine are mixed so that they are as like the sample as they can be, which is a step',
      'towards it. That takes minutes, in the background; GET /voices/{id} says how far it is, and then how alike they are.',
    ].join(' '),
    answers: {
      200: {
        description: 'The voice, which cannot speak yet.',
        content: { 'application/json': voiceSchema },
        headers: { 'X-Job-Id': 'Id of the job that makes it.' },
      },
    },
    errors: [
      'voices_off',
      'voices_full',
      'consent_not_found',
      'sample_not_usable',
      'speech_unavailable',
      'still_running',
      ...UPLOAD_ERRORS,
      ...RUN_ERRORS,
    ],
    handle: async ({ request, response, principal: { keyId } }) => {
      mustBeOn(deps);
      const id = newVoiceId();
      localsOf(response).metadata.auditTarget = id;
      const offer = await mixableOffer(deps);
      const check = (fields: OwnVoiceForm) => likeConsent(keyId, fields, deps);
      const file = await hearFile(request, response, { kind: 'voice', id, form: ownVoiceFormSchema, check }, deps);
      const voice = await begin(id, file, offer, response, deps);
      const { name, createdAtMs, jobId } = voice;
      response.set('X-Job-Id', jobId);
      const made = { id, created_at: Math.floor(createdAtMs / 1000), name };
      const body = { ...made, object: 'audio.voice', type: 'audio_sample' } as const;
      response.json(body satisfies z.infer<typeof voiceSchema>);
    },
  });
}

/** @throws SottoError `speech_unavailable`, which says what is missing */
async function mixableOffer({ voiceDirectory }: CreateVoiceDeps): Promise<SpeechOffer> {
  const offer = (await voiceDirectory.offers()).find(({ canBlend }) => canBlend);
  if (offer !== undefined) return offer;
  const missing = `Voices are made of those of Kokoro, which no worker has: ${installHint('kokoro')}.`;
  throw new SottoError('speech_unavailable', missing, { retryAfterSeconds: RETRY_AFTER_SECONDS });
}

/** What is asked of the sample. @throws SottoError `consent_not_found`, `voices_full` */
async function likeConsent(
  keyId: string | null,
  { consent: id }: OwnVoiceForm,
  { ownVoices }: CreateVoiceDeps,
): Promise<Pick<VoiceOptions, 'like'>> {
  const { model, embedding } = await consentOf(keyId, id, { ownVoices });
  if ((await ownVoices.voices(keyId)).length >= MAX_OWN_VOICES) throw full();
  return { like: { model, embedding } };
}

async function consentOf(
  keyId: string | null,
  id: string,
  { ownVoices }: Pick<CreateVoiceDeps, 'ownVoices'>,
): Promise<VoiceConsent> {
  const consent = await ownVoices.consent(keyId, id);
  if (consent === null) throw noConsent();
  return consent;
}

const noConsent = (): SottoError => new SottoError('consent_not_found', 'No consent has this id.');

function full(): SottoError {
  return new SottoError('voices_full', `This key has ${MAX_OWN_VOICES} voices of its own; delete one first.`);
}

/**
 * The record is there before its job, which would not find it otherwise; one whose job was never accepted says that it failed. Nothing
 * is left of what is refused.
 */
async function begin(
  id: string,
  { fields: { name, consent }, heard: { model, embedding }, blobKey }: HeardFile<typeof ownVoiceFormSchema>,
  offer: SpeechOffer,
  response: Response,
  deps: CreateVoiceDeps,
): Promise<OwnVoice> {
  const { principal } = localsOf(response);
  const { keyId } = principal;
  let voice: OwnVoice | null = null;
  try {
    const { language } = await consentOf(keyId, consent, deps);
    const work = {
      kind: 'matching',
      source: { text: JSON.stringify({ model, embedding }) },
      characters: matchCharacters(offer.voices.length, GENERATIONS),
      options: { voiceId: id, language, generations: GENERATIONS, seed: newSeed(id) },
      delivery: withAddressOfKey(deliveryOptionsOf({ async: true, cache: false }), principal),
      lane: 'batch',
      fileName: name,
      modelDigest: offer.digest,
      onNamed: async (jobId: string) => {
        voice = { id, name, consent, createdAtMs: Date.now(), blobKey, jobId };
        refuse(await deps.ownVoices.putVoice(keyId, voice));
      },
    } as const;
    const { request, run } = await acceptText(work, principal, deps);
    Object.assign(localsOf(response).metadata, { jobId: request.id, runId: run.id });
    if (voice === null) throw new Error('a voice was accepted without its record');
    return voice;
  } catch (error) {
    await deps.ownVoices.delete(keyId, id);
    await removeFile(blobKey, deps);
    throw error;
  }
}

function refuse(outcome: 'stored' | 'full' | 'no_consent'): void {
  if (outcome === 'full') throw full();
  // It was deleted while the sample was being heard.
  if (outcome === 'no_consent') throw noConsent();
}
