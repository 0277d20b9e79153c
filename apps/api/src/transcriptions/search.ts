import { wireSearchSchema } from '@sotto/contracts';
import { hasTerms } from '@sotto/transcript';
import { z } from 'zod';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { type FindJobDeps, findJob, jobParams } from '../jobs/find.ts';
import { RUN_ERRORS } from '../results/outcome.ts';
import type { Results } from '../results/results.ts';
import { searchRenderer } from './search-answer.ts';

const searchQuery = z.strictObject({
  q: z
    .string('must not be empty')
    .trim()
    .min(1, { error: 'must not be empty', abort: true })
    .max(200)
    .refine(hasTerms, 'must contain a letter or a digit')
    .meta({
      description: 'A word, or several in a row. Case, accents and punctuation are ignored.',
    }),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  context: z.coerce
    .number()
    .int()
    .min(0)
    .max(50)
    .default(10)
    .meta({ description: 'Words of context before and after each match.' }),
});

export function searchEndpoint({ results, ...finding }: FindJobDeps & { results: Results }): Endpoint {
  return endpoint({
    method: 'get',
    path: '/jobs/{id}/search',
    isRead: true,
    summary: 'Search a transcript',
    description: 'Finds whole words, with their times; in scripts written without spaces, any part of the text.',
    tag: 'jobs',
    access: 'read',
    params: jobParams,
    query: searchQuery,
    answers: { 200: { description: 'The matches.', content: { 'application/json': wireSearchSchema } } },
    errors: [
      'job_not_found',
      'job_not_finished',
      'no_transcript',
      'invalid_parameter',
      'queue_unavailable',
      'storage_unavailable',
      ...RUN_ERRORS,
    ],
    handle: async ({ params, query: { q, limit, context }, principal, response }) => {
      const view = await findJob(params.id, principal, finding);
      const choice = { jobId: view.request.id, query: q, limit, contextWords: context };
      const { body } = await results.transcript(view, searchRenderer, choice, response);
      response.set('Cache-Control', 'private, no-store').type('json').send(body);
    },
  });
}
