import type { ErrorCode, JobRequest, Run } from '@sotto/contracts';
import { SottoError } from '@sotto/contracts';
import type { RunEvents } from '@sotto/queue';
import type { AddressGuard } from '@sotto/runtime';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { invalidParameter } from '../http/invalid-parameter.ts';
import { readJson } from '../http/json-body.ts';
import { localsOf } from '../http/locals.ts';
import type { Shutdown } from '../http/shutdown.ts';
import { setWarnings } from '../http/warning-header.ts';
import { RUN_ERRORS } from '../results/outcome.ts';
import type { Results } from '../results/results.ts';
import type { ApiSettings } from '../settings/settings.ts';
import { type AcceptDeps, acceptReceived, KEEP_ERRORS, UPLOAD_ERRORS } from '../transcriptions/accept-upload.ts';
import { holdForEnd } from '../transcriptions/hold.ts';
import { fetchUpload } from '../uploads/fetch-upload.ts';
import type { ReceivedUpload } from '../uploads/receive.ts';
import { receiveBody } from '../uploads/receive-body.ts';
import type { RawAudio } from '../uploads/wav-header.ts';
import { type DeepgramShape, deepgramRenderer, recordingSchema } from './answers.ts';
import { AsWav } from './as-wav.ts';
import { deepgramErrors } from './errors.ts';
import { ENCODINGS, ignoredIn, type RecordingQuery, recordingQuery } from './listen-query.ts';
import { askedShapeOf, recordingOptionsOf } from './recording-options.ts';

export interface DeepgramDeps extends AcceptDeps {
  settings: ApiSettings;
  guard: AddressGuard;
  events: RunEvents;
  results: Results;
  shutdown: Shutdown;
}

const ERRORS: ErrorCode[] = [...UPLOAD_ERRORS, ...KEEP_ERRORS, ...RUN_ERRORS, 'url_not_fetched', 'still_running'];

const RECORDING = z.string().meta({ description: 'The recording.', override: { type: 'string', format: 'binary' } });
const ADDRESS = z.object({ url: z.string().max(2048) });

/** `POST /v1/listen`, as Deepgram's clients call it (deepgram/deepgram-js-sdk, listen.v1.media). */
export function deepgramEndpoints(deps: DeepgramDeps): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/listen',
      tag: 'deepgram',
      access: 'transcribe',
      createsWork: true,
      summary: 'Transcribe a recording (Deepgram)',
      description:
        'The connection stays open until the text is ready. Unknown parameters have no effect; the answer names them.',
      query: recordingQuery,
      streamedBody: { 'application/octet-stream': RECORDING, 'application/json': ADDRESS },
      errors: ERRORS,
      errorShapes: [deepgramErrors],
      answers: {
        200: {
          description: 'The text.',
          content: { 'application/json': recordingSchema },
          headers: { 'X-Job-Id': 'Id of the job, to fetch the result in other formats.' },
        },
      },
      handle: ({ request, response, query }) => serve(request, response, query, deps),
    }),
  ];
}

async function serve(request: Request, response: Response, query: RecordingQuery, deps: DeepgramDeps): Promise<void> {
  const { settings, events, shutdown, results } = deps;
  const options = recordingOptionsOf(query, settings.openAiModels);
  const upload = await received(request, response, query, deps);
  const { submitted } = await acceptReceived(upload, () => options, response, deps);
  response.set({ 'X-Job-Id': submitted.request.id, 'Cache-Control': 'no-store' });
  const limits = { timeoutMs: settings.dialectTimeoutMs, shutdown };
  const run = await holdForEnd(submitted, response, events, limits);
  const ignored = ignoredIn(request.query, recordingQuery);
  const shape = shapeOf(query, ignored, { run, request: submitted.request }, response, settings);
  const { body, facts } = await results.transcript({ ...submitted, run }, deepgramRenderer, shape, response);
  setWarnings(response, [...ignored.map((name) => ({ detail: `${name} has no effect` })), ...facts.warnings]);
  response.type('json').send(body);
}

function shapeOf(
  query: RecordingQuery,
  ignored: readonly string[],
  { run, request }: { run: Run; request: JobRequest },
  response: Response,
  { version }: Pick<ApiSettings, 'version'>,
): DeepgramShape {
  const { requestId } = localsOf(response);
  const facts = { requestId, createdAtMs: request.createdAtMs, sha256: run.upload.sha256, version };
  return { ...askedShapeOf(query), ...facts, ignored };
}

/** The body is the recording, or JSON with its address. */
async function received(
  request: Request,
  response: Response,
  query: RecordingQuery,
  { settings, storage, guard }: DeepgramDeps,
): Promise<ReceivedUpload> {
  const limits = { storage, maxFileBytes: settings.maxFileBytes, idleMs: settings.uploadIdleMs };
  if (request.is('application/json')) {
    const { url } = await readJson(ADDRESS, request, response);
    if (!URL.canParse(url)) throw invalidParameter('url', 'must be an http or https address');
    const fetching = { ...limits, guard, timeoutMs: settings.urlFetchTimeoutMs };
    return { ...(await fetchUpload(new URL(url), response, fetching)), fields: {} };
  }
  if (request.is('multipart/*')) {
    throw new SottoError('unsupported_media_type', 'Send the recording itself as the body, not a form.');
  }
  const raw = rawAudioIn(query);
  const file = await receiveBody(request, { ...limits, ...(raw !== null && { through: new AsWav(raw) }) });
  return { file, fileName: 'recording', fields: {} };
}

/** null: the recording says itself what it is. @throws SottoError `invalid_parameter` */
function rawAudioIn({ encoding: named, sample_rate: sampleRate, channels = 1 }: RecordingQuery): RawAudio | null {
  const encoding = ENCODINGS.find((one) => one === named);
  if (encoding === undefined) return null;
  if (sampleRate === undefined) throw invalidParameter('sample_rate', `is required with encoding=${encoding}`);
  return { encoding, sampleRate, channels };
}
