import type { JobView, RunKind } from '@sotto/contracts';
import type { Runs } from '@sotto/queue';
import type { Response } from 'express';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { findJob, jobParams } from '../jobs/find.ts';
import { toWireLanguage } from '../jobs/status-view.ts';
import { formatOf, formatRenderer, type RenderingChoice, sendFormat } from '../results/formats.ts';
import { RUN_ERRORS } from '../results/outcome.ts';
import { renderingChoiceOf, renderingQuery } from '../results/rendering-query.ts';
import type { Ended, Results } from '../results/results.ts';
import { resultAnswers } from './openapi.ts';

export function resultEndpoint({ runs, results }: { runs: Runs; results: Results }): Endpoint {
  return endpoint({
    method: 'get',
    path: '/jobs/{id}/result',
    summary: 'The transcript, in any format',
    description:
      'Nothing is transcribed again. Parameters left out default to those of the request. For a language detection job, the response is the detected language as JSON, whatever the format.',
    tag: 'jobs',
    access: 'read',
    params: jobParams,
    query: renderingQuery,
    answers: { 200: resultAnswers },
    errors: ['job_not_found', 'job_not_finished', 'invalid_parameter', 'queue_unavailable', ...RUN_ERRORS],
    handle: async ({ params, query, principal, response }) => {
      const view = await findJob(params.id, principal, runs);
      response.set('Cache-Control', 'private, no-store');
      await send(view, renderingChoiceOf(query), response, results);
    },
  });
}

type Send<K extends RunKind> = (
  view: Ended<K>,
  choice: RenderingChoice,
  response: Response,
  results: Results,
) => Promise<void>;

/** How the result of each kind of run is sent. A kind without an entry does not compile. */
const SEND: { [K in RunKind]: Send<K> } = {
  transcription: async (view, choice, response, results) => {
    const options = formatOf(view.request, choice);
    const { body } = await results.transcript(view, formatRenderer, options, response);
    sendFormat(response, body, options);
  },
  language: async (view, _choice, response, results) => {
    response.json(toWireLanguage(await results.value(view)));
  },
};

function send(view: JobView, ...rest: [RenderingChoice, Response, Results]): Promise<void> {
  return (SEND[view.run.kind] as Send<RunKind>)(view, ...rest);
}
