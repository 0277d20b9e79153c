import { type ErrorCode, type JobView, type RunKind, SottoError } from '@sotto/contracts';
import type { BlobStore } from '@sotto/storage';
import type { Response } from 'express';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { type FindJobDeps, findJob, jobParams } from '../jobs/find.ts';
import { toWireLanguage } from '../jobs/status-view.ts';
import { partAnswer, resultAnswers } from '../results/answers.ts';
import { formatOf, formatRenderer, type RenderingChoice, sendFormat } from '../results/formats.ts';
import { RUN_ERRORS, SPEECH_RUN_ERRORS } from '../results/outcome.ts';
import { resultQuery, transcriptChoiceOf } from '../results/rendering-query.ts';
import type { Ended, Results } from '../results/results.ts';
import { blobOf, sendBlob } from '../results/send-blob.ts';
import { sendSpeechResult } from '../results/speech-result.ts';
import type { ApiSettings } from '../settings/settings.ts';
import type { Encoders } from '../sound/encoder.ts';

const RESULT_ERRORS: ErrorCode[] = [
  'job_not_found',
  'job_not_finished',
  'no_transcript',
  'invalid_parameter',
  'range_not_satisfiable',
  'queue_unavailable',
  'storage_unavailable',
];

export interface ResultDeps extends FindJobDeps {
  results: Results;
  storage: BlobStore;
  encoders: Encoders;
  settings: Pick<ApiSettings, 'speechIdleMs'>;
}

export function resultEndpoint(deps: ResultDeps): Endpoint {
  const { results, storage } = deps;
  return endpoint({
    method: 'get',
    path: '/jobs/{id}/result',
    isRead: true,
    summary: 'The result, in any format',
    description:
      'Nothing is transcribed again. Parameters left out default to those of the request. For a language detection job, the response is the detected language as JSON, whatever the format. Spoken text is to be had in any format of sound, as captions, and as JSON with the times of its pieces. A `Range` header asks for a part of what is sent as it is stored: a result that is a file, and sound as wav, or as pcm where the voice speaks at 24 kHz.',
    tag: 'jobs',
    access: 'read',
    params: jobParams,
    query: resultQuery,
    answers: { 200: resultAnswers, 206: partAnswer },
    errors: [...RESULT_ERRORS, 'audio_not_kept', ...RUN_ERRORS, ...SPEECH_RUN_ERRORS],
    handle: async ({ params, query, principal, request, response }) => {
      const { run, request: job } = await findJob(params.id, principal, deps);
      response.set('Cache-Control', 'private, no-store');
      if (run.kind === 'speech') {
        await sendSpeechResult({ run, request: job }, query, { request, response }, deps);
        return;
      }
      const view = { run, request: job };
      const blob = blobOf(run);
      if (blob === null) await send(view, transcriptChoiceOf(query), response, results);
      else await sendBlob(request, response, { ...view, blob }, storage);
    },
  });
}

/** The job with what its reader calls the speakers. */
function named({ run, request }: JobView, { speakerNames = request.delivery.speakerNames }: RenderingChoice): JobView {
  if (speakerNames === undefined) return { run, request };
  return { run, request: { ...request, delivery: { ...request.delivery, speakerNames } } };
}

type Send<K extends RunKind> = (
  view: Ended<K>,
  choice: RenderingChoice,
  response: Response,
  results: Results,
) => Promise<void>;

/** How a result that is stored inline is sent, by kind of run. A kind without an entry does not compile. */
const SEND: { [K in Exclude<RunKind, 'speech'>]: Send<K> } = {
  transcription: async (view, choice, response, results) => {
    const options = formatOf(view.request, choice);
    const { body } = await results.transcript(named(view, choice), formatRenderer, options, response);
    sendFormat(response, body, options);
  },
  language: async (view, _choice, response, results) => {
    response.json(toWireLanguage(await results.value(view)));
  },
  matching: async () => {
    throw new SottoError('no_transcript', 'What was made is a voice: GET /voices has it.');
  },
  voice: async () => {
    throw new SottoError('no_transcript', 'A voice is given only to whoever sent its sample.');
  },
};

function send({ run, request }: JobView, ...rest: [RenderingChoice, Response, Results]): Promise<void> {
  if (run.kind === 'speech') throw new Error('what was spoken is sent elsewhere');
  return (SEND[run.kind] as Send<RunKind>)({ run, request }, ...rest);
}
