import type { ErrorCode, Run } from '@sotto/contracts';
import type { Attached, RunEvents } from '@sotto/queue';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { type Call, type Endpoint, endpoint } from '../http/endpoint.ts';
import type { Shutdown } from '../http/shutdown.ts';
import { setWarnings } from '../http/warning-header.ts';
import { RUN_ERRORS } from '../results/outcome.ts';
import type { Results } from '../results/results.ts';
import type { ApiSettings } from '../settings/settings.ts';
import { type AcceptDeps, acceptUpload, KEEP_ERRORS, UPLOAD_ERRORS } from '../transcriptions/accept-upload.ts';
import type { AskedOptions } from '../transcriptions/form.ts';
import { holdForEnd } from '../transcriptions/hold.ts';
import { asrRenderer, detectionOf, detectionSchema } from './answers.ts';
import { asrQuery, detectQuery, type Fields, readAsr, readDetection } from './form.ts';

export interface AsrDeps extends AcceptDeps {
  settings: ApiSettings;
  events: RunEvents;
  results: Results;
  shutdown: Shutdown;
}

const ERRORS: ErrorCode[] = [...UPLOAD_ERRORS, ...RUN_ERRORS, 'still_running'];

const FILE = z.string().meta({ description: 'The recording.', override: { type: 'string', format: 'binary' } });

const FORM = { 'multipart/form-data': z.looseObject({ audio_file: FILE }) };

/** whisper-asr-webservice v1.9 (ahmetoner/whisper-asr-webservice, app/webservice.py), and subgen's `/status`. */
export function asrEndpoints(deps: AsrDeps): Endpoint[] {
  return [asrEndpoint(deps), detectEndpoint(deps), versionEndpoint(deps)];
}

function asrEndpoint(deps: AsrDeps): Endpoint {
  return endpoint({
    method: 'post',
    path: '/asr',
    tag: 'asr',
    access: 'transcribe',
    createsWork: true,
    summary: 'Transcribe a recording (whisper-asr-webservice)',
    query: asrQuery,
    streamedBody: FORM,
    errors: [...ERRORS, ...KEEP_ERRORS],
    description:
      'The connection stays open until the text is ready. All fields except `encode` may also be sent in the form.',
    answers: { 200: { description: 'The text in the requested format.', content: { 'text/plain': null } } },
    handle: async (call) => {
      const read = (fields: Fields) => readAsr(call.query, fields, deps.settings.asrMaxDurationMs);
      const { ended, submitted, options } = await work(call, read, deps);
      const { request } = submitted;
      const { response } = call;
      const { output, wordTimestamps } = options;
      const view = { run: ended, request };
      const shape = { output, wordTimestamps };
      const { body, facts } = await deps.results.transcript(view, asrRenderer, shape, response);
      setWarnings(response, facts.warnings);
      response.set({
        'Asr-Engine': 'whisper.cpp',
        'Content-Disposition': `attachment; filename="${encodeURIComponent(request.fileName)}.${output}"`,
      });
      response.type('text/plain; charset=utf-8').send(body);
    },
  });
}

function detectEndpoint(deps: AsrDeps): Endpoint {
  return endpoint({
    method: 'post',
    path: '/detect-language',
    tag: 'asr',
    access: 'transcribe',
    createsWork: true,
    summary: 'Detect the language of a recording (whisper-asr-webservice)',
    query: detectQuery,
    streamedBody: FORM,
    errors: ERRORS,
    answers: { 200: { description: 'The language.', content: { 'application/json': detectionSchema } } },
    handle: async (call) => {
      const read = (fields: Fields) => readDetection(call.query, fields, deps.settings.asrMaxDurationMs);
      const { ended, submitted } = await work(call, read, deps);
      if (ended.kind !== 'language') throw new Error('a run of another kind');
      const found = await deps.results.value({ run: ended, request: submitted.request });
      setWarnings(call.response, found.warnings);
      call.response.json(detectionOf(found));
    },
  });
}

function versionEndpoint({ settings }: AsrDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/status',
    summary: 'Name and version of the service (subgen)',
    tag: 'asr',
    access: 'open',
    answers: {
      200: { description: 'The version.', content: { 'application/json': z.object({ version: z.string() }) } },
    },
    errors: [],
    handle: ({ response }) => void response.json({ version: `Sotto ${settings.version}` }),
  });
}

async function work<Options extends AskedOptions>(
  { request, response, query }: Call<unknown, { encode?: boolean | undefined }, unknown>,
  read: (fields: Fields) => Options,
  deps: AsrDeps,
): Promise<{ ended: Run; submitted: Attached; options: Options }> {
  const form = {
    fileField: 'audio_file',
    isKnownField: () => true,
    isRawPcm: query.encode === false,
    read: ({ fields }: { fields: Fields }) => read(fields),
  };
  const { submitted, options } = await acceptUpload(request, response, form, deps);
  response.set({ 'X-Job-Id': submitted.request.id, 'Cache-Control': 'no-store' });
  const limits = { timeoutMs: deps.settings.dialectTimeoutMs, shutdown: deps.shutdown };
  return { ended: await holdForEnd(submitted, response, deps.events, limits), submitted, options };
}

/** These clients ask for `//asr` when the address in their settings ends with a slash. */
export const forgiveSlashes: RequestHandler = (request, _response, next) => {
  request.url = request.url.replace(/^\/{2,}(?=(asr|detect-language|status)(\?|$))/, '/');
  next();
};
