import { type WireSearch, wireSearchSchema } from '@sotto/contracts';
import type { Runs } from '@sotto/queue';
import { type Match, searchTranscript } from '@sotto/transcript';
import { z } from 'zod';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { invalidParameter } from '../http/invalid-parameter.ts';
import { findJob, jobParams } from '../jobs/find.ts';
import { RUN_ERRORS, transcriptOf } from './outcome.ts';

const searchQuery = z.strictObject({
  q: z.string('must not be empty').trim().min(1, 'must not be empty').max(200).meta({
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

export function searchEndpoint({ runs }: { runs: Runs }): Endpoint {
  return endpoint({
    method: 'get',
    path: '/jobs/{id}/search',
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
      ...RUN_ERRORS,
    ],
    handle: async ({ params, query: { q, limit, context }, principal, response }) => {
      const { request: job, run } = await findJob(params.id, principal, runs);
      const transcript = await transcriptOf(run, job, runs);
      const found = searchTranscript(transcript, q, { limit, contextWords: context });
      if (found === null) throw invalidParameter('q', 'must contain a letter or a digit');
      response.set('Cache-Control', 'private, no-store').json({
        job_id: job.id,
        query: q,
        total: found.total,
        matches: found.matches.map(wireMatch),
      } satisfies WireSearch);
    },
  });
}

function wireMatch({ startMs, endMs, segmentId, text, before, after }: Match): WireSearch['matches'][number] {
  return { start: startMs / 1000, end: endMs / 1000, text, before, after, segment_id: segmentId };
}
