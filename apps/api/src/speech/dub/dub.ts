import { dubFormSchema, type ErrorCode, wireAcceptedSchema } from '@sotto/contracts';
import { type Endpoint, endpoint } from '../../http/endpoint.ts';
import { type FindJobDeps, findJob, jobParams } from '../../jobs/find.ts';
import { TRANSCRIPT_ERRORS } from '../../library/edit-endpoints.ts';
import { findItem, itemParams } from '../../library/find-item.ts';
import { editOf } from '../../library/journals.ts';
import { ITEM_ERRORS } from '../../library/library-deps.ts';
import type { LibraryStore } from '../../library/library-store.ts';
import { storedTranscript } from '../../library/stored-transcript.ts';
import { RUN_ERRORS } from '../../results/outcome.ts';
import type { Results } from '../../results/results.ts';
import { dubRenderer } from './said-lines.ts';
import { DUB_ERRORS, type SubmitDubDeps, submitDub } from './submit-dub.ts';

export type DubDeps = SubmitDubDeps &
  FindJobDeps & { library: LibraryStore; results: Pick<Results, 'transcript' | 'stored'> };

const JOB_ERRORS: ErrorCode[] = ['forbidden', 'job_not_found', 'job_not_finished', 'no_transcript', ...RUN_ERRORS];

/** What both have in common. */
const dubbing = {
  method: 'post',
  tag: 'speech',
  access: 'transcribe',
  createsWork: true,
  body: dubFormSchema,
  answers: {
    202: {
      description: 'Accepted.',
      content: { 'application/json': wireAcceptedSchema },
      headers: { Location: 'Address of the job status.' },
    },
  },
} as const;

/** Transcripts, spoken into the times at which they were said. */
export const dubEndpoints = (deps: DubDeps): Endpoint[] => [jobEndpoint(deps), itemEndpoint(deps)];

function jobEndpoint(deps: DubDeps): Endpoint {
  return endpoint({
    ...dubbing,
    path: '/jobs/{id}/dub',
    summary: 'Speak a transcript into its times',
    description: [
      'A new job of kind `speech`: each line of the transcript is spoken when it was said, by a voice for each speaker, 0.8 to',
      '1.3 times as fast as the voice is, so that it fits. What does not fit pushes what follows as far as it must. The sound is as',
      'long as the recording. To be had as all that is spoken: GET /jobs/{id}/result.',
    ].join(' '),
    params: jobParams,
    errors: [...new Set([...JOB_ERRORS, ...DUB_ERRORS])],
    handle: async ({ params, principal, request, body: form, response }) => {
      const view = await findJob(params.id, principal, deps);
      const said = () => deps.results.transcript(view, dubRenderer, null, response);
      await submitDub({ form, fileName: view.request.fileName, said }, request, response, deps);
    },
  });
}

function itemEndpoint(deps: DubDeps): Endpoint {
  const { library, results } = deps;
  return endpoint({
    ...dubbing,
    path: '/library/{id}/dub',
    summary: 'Speak the transcript of an item into its times',
    description:
      'As POST /jobs/{id}/dub does, with the text, the times and the names of speakers as they have been edited. Only its owner may.',
    params: itemParams,
    errors: [...new Set([...ITEM_ERRORS, ...TRANSCRIPT_ERRORS, ...DUB_ERRORS])],
    handle: async ({ params, principal, request, body: form, response }) => {
      const { item } = await findItem(params.id, principal, 'owner', library);
      const said = async () => {
        const stored = await storedTranscript(item, library);
        const edits = (await library.use((open) => open.edits.list(item.id))).map(editOf);
        return results.stored({ stored, speakers: null, names: [], edits }, dubRenderer, null, response);
      };
      await submitDub({ form, fileName: item.fileName ?? item.title, said }, request, response, deps);
    },
  });
}
