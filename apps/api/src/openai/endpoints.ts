import type { ErrorCode, SottoError } from '@sotto/contracts';
import type { RunEvents, Voices, Windows } from '@sotto/queue';
import type { Logger } from '@sotto/runtime';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { noteBroken } from '../http/note-broken.ts';
import type { Shutdown } from '../http/shutdown.ts';
import { setWarnings } from '../http/warning-header.ts';
import { RUN_ERRORS } from '../results/outcome.ts';
import type { Results } from '../results/results.ts';
import type { ApiSettings } from '../settings/settings.ts';
import {
  type AcceptDeps,
  acceptUpload,
  KEEP_ERRORS,
  UPLOAD_ERRORS,
  type UploadForm,
} from '../transcriptions/accept-upload.ts';
import { holdForEnd } from '../transcriptions/hold.ts';
import {
  answerChoiceOf,
  contentTypeOf,
  openAiRenderer,
  streamMessageSchema,
  transcriptionSchema,
  verboseSchema,
} from './answers.ts';
import { diarizedSchema } from './diarized.ts';
import { openAiErrors } from './errors.ts';
import {
  isKnownField,
  type OpenAiOptions,
  readTranscription,
  readTranslation,
  transcriptionForm,
  translationForm,
} from './form.ts';
import { takeBackAfter, withLentVoices } from './lent-voices.ts';
import { REFERENCES_TEXT_BYTES } from './reference-fields.ts';
import { streamTranscript } from './stream.ts';

export interface OpenAiDeps extends AcceptDeps {
  settings: ApiSettings;
  events: RunEvents;
  windows: Windows;
  voices: Voices;
  results: Results;
  shutdown: Shutdown;
  logger: Logger;
}

const ERRORS: ErrorCode[] = [...UPLOAD_ERRORS, ...KEEP_ERRORS, ...RUN_ERRORS, 'still_running'];

/** `POST /v1/audio/transcriptions` and `/v1/audio/translations`, as OpenAI's clients call them. */
export function openAiEndpoints(deps: OpenAiDeps): Endpoint[] {
  const { settings } = deps;
  const transcriptions = formOf(transcriptionForm, (fields) => readTranscription(fields, settings.openAiModels));
  const translations = formOf(translationForm, (fields) => readTranslation(fields, settings.openAiModels));
  return [
    endpoint({
      method: 'post',
      path: '/audio/transcriptions',
      tag: 'openai',
      access: 'transcribe',
      createsWork: true,
      streamedBody: bodyOf(transcriptionForm),
      errors: ERRORS,
      errorShapes: [openAiErrors],
      summary: 'Transcribe a recording (OpenAI)',
      description: 'The connection stays open until the text is ready; `stream=true` sends it as it is recognized.',
      answers: { 200: answers('text/event-stream', streamMessageSchema) },
      handle: ({ request, response }) => serve(request, response, transcriptions, deps),
    }),
    endpoint({
      method: 'post',
      path: '/audio/translations',
      tag: 'openai',
      access: 'transcribe',
      createsWork: true,
      streamedBody: bodyOf(translationForm),
      errors: ERRORS,
      errorShapes: [openAiErrors],
      summary: 'Translate a recording into English (OpenAI)',
      answers: { 200: answers() },
      handle: ({ request, response }) => serve(request, response, translations, deps),
    }),
  ];
}

type FormOf = (response: Response, deps: OpenAiDeps) => UploadForm<OpenAiOptions>;

function formOf(form: z.ZodObject, read: (fields: Record<string, unknown>) => OpenAiOptions): FormOf {
  return (response, deps) => ({
    fileField: 'file',
    isKnownField: (name) => isKnownField(form, name),
    maxTextBytes: REFERENCES_TEXT_BYTES,
    read: (upload) => withLentVoices(read(upload.fields), upload, response, deps),
  });
}

function bodyOf(form: z.ZodObject): Record<string, z.ZodType> {
  const file = z.string().meta({ description: 'The recording.', override: { type: 'string', format: 'binary' } });
  return { 'multipart/form-data': form.extend({ file }) };
}

function answers(contentType?: string, schema?: z.ZodType) {
  return {
    description: 'The text in the requested format.',
    content: {
      'application/json': z.union([verboseSchema, diarizedSchema, transcriptionSchema]),
      'text/plain': null,
      ...(contentType !== undefined && { [contentType]: schema ?? null }),
    },
    headers: { 'X-Job-Id': 'Id of the job, to fetch the result in other formats.' },
  };
}

async function serve(request: Request, response: Response, formOf: FormOf, deps: OpenAiDeps): Promise<void> {
  const { submitted, options } = await acceptUpload(request, response, formOf(response, deps), deps);
  takeBackAfter(response, submitted, options.run.speakers?.known ?? [], deps);
  const limits = { timeoutMs: deps.settings.dialectTimeoutMs, shutdown: deps.shutdown };
  response.set({ 'X-Job-Id': submitted.request.id, 'Cache-Control': 'no-store' });
  setWarnings(
    response,
    options.notes.map((detail) => ({ detail })),
  );
  if (options.stream) {
    const onBroken = (error: SottoError) => noteBroken(response, error, deps.logger);
    const { logprobs, diarized } = options;
    const streaming = { logprobs, diarized, heartbeatMs: deps.settings.eventHeartbeatMs, limits, onBroken };
    await streamTranscript(response, submitted, streaming, deps);
    return;
  }
  const run = await holdForEnd(submitted, response, deps.events, limits);
  const choice = answerChoiceOf(options);
  const { body, facts } = await deps.results.transcript({ ...submitted, run }, openAiRenderer, choice, response);
  setWarnings(response, [...options.notes.map((detail) => ({ detail })), ...facts.warnings]);
  response.type(contentTypeOf(choice)).send(body);
}
