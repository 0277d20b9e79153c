import {
  captionChoiceOf,
  captionFields,
  GRANULARITIES,
  RESPONSE_FORMATS,
  transcribeFormSchema,
} from '@sotto/contracts';
import type { Runs } from '@sotto/queue';
import { z } from 'zod';
import type { Endpoint } from '../http/endpoint.ts';
import { findJob } from './find.ts';
import { jobIdParam, transcriptAnswers } from './openapi.ts';
import { transcriptOf } from './outcome.ts';
import { parseQuery } from './query.ts';
import { sendRendered } from './rendering.ts';
import { RUN_ERRORS } from './transcribe.ts';

const resultQuery = {
  format: transcribeFormSchema.shape.response_format.meta({
    description: 'Nothing: that of the request.',
    enum: [...RESPONSE_FORMATS, 'txt'],
    default: undefined,
  }),
  timestamp_granularity: z.enum(GRANULARITIES).optional(),
  ...captionFields,
};

export function resultEndpoint({ runs }: { runs: Runs }): Endpoint {
  return {
    method: 'get',
    path: '/jobs/{id}/result',
    summary: 'The transcript, in any format',
    description: 'Nothing is transcribed again. What is not named here is as the request asked for it.',
    tag: 'jobs',
    access: 'read',
    params: jobIdParam,
    query: resultQuery,
    answers: { 200: transcriptAnswers },
    errors: ['job_not_found', 'job_not_finished', 'invalid_parameter', 'queue_unavailable', ...RUN_ERRORS],
    handle: async (request, response) => {
      const query = parseQuery(resultQuery, request);
      const { request: job, run } = await findJob(request, response, runs);
      const transcript = await transcriptOf(run, job, runs);
      const choice = { responseFormat: query.format, granularity: query.timestamp_granularity };
      response.set('Cache-Control', 'private, no-store');
      sendRendered(response, transcript, job, { ...choice, captions: captionChoiceOf(query) });
    },
  };
}
