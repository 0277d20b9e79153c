import { type ErrorCode, type Run, type Warning, wireAcceptedSchema } from '@sotto/contracts';
import type { Attached, ResumableUploads, RunEvents } from '@sotto/queue';
import type { AddressGuard } from '@sotto/runtime';
import type { Request, Response } from 'express';
import { ClientGone } from '../http/client-gone.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { invalidParameter } from '../http/invalid-parameter.ts';
import { localsOf } from '../http/locals.ts';
import type { Shutdown } from '../http/shutdown.ts';
import { leaveRun } from '../jobs/leave.ts';
import { KEPT_RECORDING_ERRORS, keptRecording } from '../library/kept-recording.ts';
import type { LibraryStore } from '../library/library-store.ts';
import { transcriptAnswers } from '../results/answers.ts';
import { formatOf, formatRenderer, sendFormat } from '../results/formats.ts';
import { RUN_ERRORS } from '../results/outcome.ts';
import type { Results } from '../results/results.ts';
import { finishedUpload } from '../resumable/finished-upload.ts';
import type { ApiSettings } from '../settings/settings.ts';
import { fetchUpload } from '../uploads/fetch-upload.ts';
import { acceptUpload, KEEP_ERRORS, UPLOAD_ERRORS, type UploadForm } from './accept-upload.ts';
import { sendAccepted } from './accepted.ts';
import { checkAllowed } from './allowed.ts';
import { isTranscribeField, parseTranscribeForm, type TranscribeOptions } from './form.ts';
import { transcribeBody } from './openapi.ts';
import type { SubmitDeps } from './submit.ts';
import { waitForRun } from './sync-wait.ts';

export interface TranscribeDeps extends SubmitDeps {
  events: RunEvents;
  results: Results;
  settings: ApiSettings;
  guard: AddressGuard;
  uploads: ResumableUploads;
  library: LibraryStore;
  shutdown: Shutdown;
}

/** Above this the specification (4.4) recommends asynchronous requests. */
const LONG_AUDIO_MS = 10 * 60_000;
const ACCEPTED = 'Transcription job accepted';
const USE_ASYNC = 'Use async=true for recordings longer than 10 minutes.';

export const REFERENCE_ERRORS: ErrorCode[] = [
  'url_not_fetched',
  'upload_not_found',
  'upload_not_finished',
  'upload_used',
  'vocabulary_not_found',
  'voice_not_found',
];

export function transcribeEndpoint(deps: TranscribeDeps): Endpoint {
  const form = uploadForm(deps);
  return endpoint({
    method: 'post',
    path: '/transcribe',
    summary: 'Transcribe a recording',
    description: [
      'Send an audio or video file, its address as `url`, the id of a finished resumable upload as `upload_id`, or of an',
      'item of the library as `item_id`. The response is the transcript. With `async=true`, or when the work takes longer than a request may wait, it is 202',
      'with the address of the job. The same recording with the same options is transcribed only once per key.',
    ].join(' '),
    tag: 'transcription',
    access: 'transcribe',
    createsWork: true,
    streamedBody: transcribeBody,
    answers: {
      200: { ...transcriptAnswers, headers: { 'X-Job-Id': 'Id of the job, to fetch the result in other formats.' } },
      202: {
        description: 'Accepted. The work continues in the background.',
        content: { 'application/json': wireAcceptedSchema },
        headers: { Location: 'Address of the job status.' },
      },
    },
    errors: [...UPLOAD_ERRORS, ...KEEP_ERRORS, ...REFERENCE_ERRORS, ...KEPT_RECORDING_ERRORS, ...RUN_ERRORS],
    handle: async ({ request, response }) => {
      const { submitted, options } = await acceptUpload(request, response, form, deps);
      if (options.delivery.async) sendAccepted(request, response, submitted, ACCEPTED);
      else await answerWhenDone(request, response, submitted, deps);
    },
  });
}

function uploadForm(deps: TranscribeDeps): UploadForm<TranscribeOptions> {
  const { settings, guard, storage } = deps;
  const limits = () => {
    const { maxFileBytes, uploadIdleMs: idleMs, uploadKeepMs: keepMs } = settings;
    return { maxFileBytes, idleMs, keepMs };
  };
  const fetching = () => ({ storage, guard, ...limits(), timeoutMs: settings.urlFetchTimeoutMs });
  return {
    fileField: 'file',
    references: (_request, response) => [
      { field: 'url', fetch: (address) => fetchUpload(urlOf(address), response, fetching()) },
      { field: 'upload_id', fetch: (id) => finishedUpload(id, localsOf(response).principal, { ...deps, ...limits() }) },
      { field: 'item_id', fetch: (id) => keptRecording(id, localsOf(response).principal, { ...deps, ...limits() }) },
    ],
    isKnownField: isTranscribeField,
    read: ({ fields }, principal) => {
      const options = parseTranscribeForm(fields);
      checkAllowed(options, principal, deps);
      return options;
    },
  };
}

function urlOf(text: string): URL {
  if (URL.canParse(text)) return new URL(text);
  throw invalidParameter('url', 'must be an http or https address');
}

async function answerWhenDone(
  request: Request,
  response: Response,
  submitted: Attached,
  deps: TranscribeDeps,
): Promise<void> {
  const limits = { timeoutMs: deps.settings.syncTimeoutMs, shutdown: deps.shutdown };
  const ended = await endOf(submitted, response, deps, limits);
  if (ended === 'client_gone') {
    if (submitted.request.delivery.cancelOnDisconnect) await leaveRun(submitted.request.id, deps);
    throw new ClientGone();
  }
  if (typeof ended === 'string') {
    const reason = ended === 'deadline' ? 'This takes longer than a request may wait.' : 'The server is shutting down.';
    const hint = `${reason} Poll the status, and use async=true for long recordings.`;
    sendAccepted(request, response, submitted, ACCEPTED, hint);
    return;
  }
  await sendTranscript(response, ended, submitted, deps);
}

async function endOf(
  { run }: Attached,
  response: Response,
  deps: TranscribeDeps,
  limits: Parameters<typeof waitForRun>[3],
) {
  return run.status === 'processing' ? waitForRun(run.id, deps.events, response, limits) : run;
}

async function sendTranscript(
  response: Response,
  run: Run,
  { request }: Attached,
  { results }: TranscribeDeps,
): Promise<void> {
  const options = { ...formatOf(request), warnings: adviceFor(run) };
  const { body, facts } = await results.transcript({ run, request }, formatRenderer, options, response);
  const { durationMs, language, model } = facts;
  Object.assign(localsOf(response).metadata, { duration: durationMs / 1000, language, model });
  response.set({ 'X-Job-Id': request.id, 'Cache-Control': 'no-store' });
  sendFormat(response, body, options);
}

function adviceFor(run: Run): Warning[] {
  return (('durationMs' in run && run.durationMs) || 0) > LONG_AUDIO_MS
    ? [{ code: 'use_async', detail: USE_ASYNC }]
    : [];
}
