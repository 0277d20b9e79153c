import type { WireSearch } from '@sotto/contracts';
import { type Match, searchTranscript } from '@sotto/transcript';
import type { Renderer } from '../results/renderer.ts';

export interface SearchChoice {
  jobId: string;
  query: string;
  limit: number;
  contextWords: number;
}

/** The response of `GET /jobs/{id}/search`. */
export const searchRenderer: Renderer<SearchChoice> = {
  name: 'search',
  render: (transcript, { jobId, query, ...options }) => {
    const { total, matches } = searchTranscript(transcript, query, options);
    return JSON.stringify({ job_id: jobId, query, total, matches: matches.map(wireMatch) } satisfies WireSearch);
  },
};

function wireMatch({ startMs, endMs, segmentId, text, before, after }: Match): WireSearch['matches'][number] {
  return { start: startMs / 1000, end: endMs / 1000, text, before, after, segment_id: segmentId };
}
