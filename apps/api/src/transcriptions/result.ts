import type { Runs } from '@sotto/queue';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { findJob, jobParams } from '../jobs/find.ts';
import { toWireLanguage } from '../jobs/status-view.ts';
import { resultAnswers } from './openapi.ts';
import { RUN_ERRORS, resultOf } from './outcome.ts';
import { sendRendered } from './rendering.ts';
import { renderingChoiceOf, renderingQuery } from './rendering-query.ts';

export function resultEndpoint({ runs }: { runs: Runs }): Endpoint {
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
      const { request: job, run } = await findJob(params.id, principal, runs);
      response.set('Cache-Control', 'private, no-store');
      if (run.kind === 'language') {
        response.json(toWireLanguage(await resultOf(run, job, runs)));
        return;
      }
      sendRendered(response, await resultOf(run, job, runs), job, renderingChoiceOf(query));
    },
  });
}
