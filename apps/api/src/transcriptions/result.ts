import { type ErrorCode, type JobView, type RunKind, SottoError } from '@sotto/contracts';
import type { BlobStore } from '@sotto/storage';
import type { Response } from 'express';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { type FindJobDeps, findJob, jobParams } from '../jobs/find.ts';
import { toWireLanguage } from '../jobs/status-view.ts';
import { partAnswer, resultAnswers } from '../results/answers.ts';
import { formatOf, formatRenderer, type RenderingChoice, sendFormat } from '../results/formats.ts';
import { RUN_ERRORS } from '../results/outcome.ts';
import { renderingChoiceOf, renderingQuery } from '../results/rendering-query.ts';
import type { Ended, Results } from '../results/results.ts';
import { blobOf, sendBlob } from '../results/send-blob.ts';

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
}

export function resultEndpoint({ results, storage, ...finding }: ResultDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/jobs/{id}/result',
    isRead: true,
    summary: 'The transcript, in any format',
    description:
      'Nothing is transcribed again. Parameters left out default to those of the request. For a language detection job, the response is the detected language as JSON, whatever the format. A result that is a file is sent as it is; a `Range` header asks for a part of it.',
    tag: 'jobs',
    access: 'read',
    params: jobParams,
    query: renderingQuery,
    answers: { 200: resultAnswers, 206: partAnswer },
    errors: [...RESULT_ERRORS, ...RUN_ERRORS],
    handle: async ({ params, query, principal, request, response }) => {
      const view = await findJob(params.id, principal, finding);
      response.set('Cache-Control', 'private, no-store');
      const blob = blobOf(view.run);
      if (blob === null) await send(view, renderingChoiceOf(query), response, results);
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
const SEND: { [K in RunKind]: Send<K> } = {
  transcription: async (view, choice, response, results) => {
    const options = formatOf(view.request, choice);
    const { body } = await results.transcript(named(view, choice), formatRenderer, options, response);
    sendFormat(response, body, options);
  },
  language: async (view, _choice, response, results) => {
    response.json(toWireLanguage(await results.value(view)));
  },
  voice: async () => {
    throw new SottoError('no_transcript', 'A voice is given only to whoever sent its sample.');
  },
};

function send(view: JobView, ...rest: [RenderingChoice, Response, Results]): Promise<void> {
  return (SEND[view.run.kind] as Send<RunKind>)(view, ...rest);
}
