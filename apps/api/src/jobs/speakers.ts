import {
  ALL_VOICES,
  MAX_KNOWN_VOICES,
  MAX_SPEAKERS,
  SottoError,
  SPEAKERS_EXTRA,
  speakerHintsOf,
  speakerHintsProblem,
  statusUrl,
  wireAcceptedSchema,
} from '@sotto/contracts';
import type { Producer } from '@sotto/queue';
import { audioKeyOf, type BlobStore } from '@sotto/storage';
import { z } from 'zod';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { BODY_ERRORS } from '../http/json-body.ts';
import { mustHaveCompleted, RUN_ERRORS } from '../results/outcome.ts';
import { type KnownSpeakersDeps, knownSpeakers } from '../voices/known-speakers.ts';
import { type FindJobDeps, findJob, jobParams } from './find.ts';

export interface SpeakersDeps extends FindJobDeps, KnownSpeakersDeps {
  producer: Pick<Producer, 'askExtra'>;
  storage: Pick<BlobStore, 'stat'>;
}

const count = z.int().min(1).max(MAX_SPEAKERS).optional();

const speakersForm = z
  .strictObject({
    num_speakers: count,
    min_speakers: count,
    max_speakers: count,
    known_speakers: z
      .union([z.literal(ALL_VOICES), z.array(z.string()).max(MAX_KNOWN_VOICES)])
      .optional()
      .meta({ description: 'Names of stored voices that may be heard, or `all`.' }),
  })
  .transform(({ known_speakers: known, ...form }) => ({ hints: speakerHintsOf(form), known }))
  .superRefine(({ hints }, context) => {
    const problem = speakerHintsProblem(hints);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  });

const RETRY_SECONDS = 5;

/** Speakers are told apart again, with other hints, or for the first time; the text stays as it is. */
export function speakersEndpoint({ producer, storage, ...deps }: SpeakersDeps): Endpoint {
  return endpoint({
    method: 'post',
    path: '/jobs/{id}/speakers',
    summary: 'Tell the speakers of a transcript apart, once more',
    description: [
      'With other hints about their number, or for the first time. Nothing is transcribed again. Possible as long as the',
      'recording is kept (`keep_audio`). `speakers` of the status says when it is done; until then, results have the speakers',
      'they had.',
    ].join(' '),
    tag: 'jobs',
    access: 'transcribe',
    createsWork: true,
    params: jobParams,
    body: speakersForm,
    answers: {
      202: { description: 'Accepted.', content: { 'application/json': wireAcceptedSchema } },
    },
    errors: [
      'job_not_found',
      'job_not_finished',
      'no_transcript',
      'voice_not_found',
      'audio_not_kept',
      'storage_unavailable',
      ...RUN_ERRORS,
      ...BODY_ERRORS,
    ],
    handle: async ({ params, principal, request, body, response }) => {
      const { run, request: job } = await findJob(params.id, principal, deps);
      if (run.kind !== 'transcription') throw new SottoError('no_transcript', 'This job has no transcript.');
      mustHaveCompleted(run, job);
      if (run.options.channels === 'split') {
        throw new SottoError('invalid_parameter', 'The channels of this recording are its speakers (channels=split).');
      }
      const audioKey = audioKeyOf(run.id);
      if ((await storage.stat(audioKey)) === null) {
        throw new SottoError('audio_not_kept', 'Send it again, with keep_audio.', { fields: { job_id: job.id } });
      }
      const hints = { ...body.hints, ...(await knownSpeakers(body.known, principal, deps)) };
      const payload = { runId: run.id, audioKey, hints };
      const asked = await producer.askExtra(run, SPEAKERS_EXTRA, payload, true);
      if (asked === 'pending') {
        throw new SottoError('job_not_finished', 'Its speakers are being told apart.', {
          retryAfterSeconds: RETRY_SECONDS,
          fields: { job_id: job.id },
        });
      }
      const url = statusUrl(request.baseUrl, job.id);
      response.status(202).location(url).set('Cache-Control', 'no-store');
      response.json({
        job_id: job.id,
        status: 'processing',
        message: 'The speakers are being told apart',
        status_url: url,
      } satisfies z.infer<typeof wireAcceptedSchema>);
    },
  });
}
