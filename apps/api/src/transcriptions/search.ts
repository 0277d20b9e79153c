import { type WireSearch, wireSearchSchema } from '@sotto/contracts';
import type { Runs } from '@sotto/queue';
import { type Match, searchTranscript } from '@sotto/transcript';
import { z } from 'zod';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { invalidParameter } from '../http/invalid-parameter.ts';
import { findJob, jobParams } from '../jobs/find.ts';
import { RUN_ERRORS, transcriptOf } from './outcome.ts';

const searchQuery = z.strictObject({
  q: z.string('say what to look for').trim().min(1, 'say what to look for').max(200).meta({
    description: 'A word, or several that are said one after the other. Case, accents and punctuation do not count.',
  }),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  context: z.coerce.number().int().min(0).max(50).default(10).meta({ description: 'Words before and after a match.' }),
});

export function searchEndpoint({ runs }: { runs: Runs }): Endpoint {
  return endpoint({
    method: 'get',
    path: '/jobs/{id}/search',
    summary: 'Where something is said',
    description: 'Whole words of the transcript, with their times; any part of a text that is written without blanks.',
    tag: 'jobs',
    access: 'read',
    params: jobParams,
    query: searchQuery,
    answers: { 200: { description: 'What was found.', content: { 'application/json': wireSearchSchema } } },
    errors: ['job_not_found', 'job_not_finished', 'invalid_parameter', 'queue_unavailable', ...RUN_ERRORS],
    handle: async ({ params, query: { q, limit, context }, principal, response }) => {
      const { request: job, run } = await findJob(params.id, principal, runs);
      const transcript = await transcriptOf(run, job, runs);
      const found = searchTranscript(transcript, q, { limit, contextWords: context });
      if (found === null) throw invalidParameter('q', 'has no letter and no digit to look for');
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
