import {
  type DubVideo,
  dubFormSchema,
  type ErrorCode,
  itemDubFormSchema,
  SottoError,
  wireAcceptedSchema,
} from '@sotto/contracts';
import type { Item } from '@sotto/library';
import { type Endpoint, endpoint } from '../../http/endpoint.ts';
import { invalidParameter } from '../../http/invalid-parameter.ts';
import { type FindJobDeps, findJob, jobParams } from '../../jobs/find.ts';
import { videoContainerOf } from '../../library/audio-type.ts';
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
    body: dubFormSchema,
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
      'As POST /jobs/{id}/dub does, with the text, the times and the names of speakers as they have been edited; with `video=true` also into the video that is kept with it. Only its owner may.',
    params: itemParams,
    body: itemDubFormSchema,
    errors: [...new Set<ErrorCode>(['audio_not_kept', ...ITEM_ERRORS, ...TRANSCRIPT_ERRORS, ...DUB_ERRORS])],
    handle: async ({ params, principal, request, body: { video, ...form }, response }) => {
      const { item } = await findItem(params.id, principal, 'owner', library);
      const said = async () => {
        const stored = await storedTranscript(item, library);
        const edits = (await library.use((open) => open.edits.list(item.id))).map(editOf);
        return results.stored({ stored, speakers: null, names: [], edits }, dubRenderer, null, response);
      };
      const dubbed = { form, fileName: item.fileName ?? item.title, said, ...(video && { video: videoOf(item) }) };
      await submitDub(dubbed, request, response, deps);
    },
  });
}

/** @throws SottoError `audio_not_kept`, `invalid_parameter` for a recording that is known to have no picture */
function videoOf({ audioKey: blobKey, audioBytes: bytes, audioType }: Item): Omit<DubVideo, 'language'> {
  if (blobKey === null || bytes === null) {
    throw new SottoError('audio_not_kept', 'There is no recording of this item.');
  }
  const container = audioType === null ? null : videoContainerOf(audioType);
  if (container === null) throw invalidParameter('video', 'the recording of this item has no picture');
  return { blobKey, bytes, container };
}
