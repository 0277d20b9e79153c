import type { ErrorCode, SottoError } from '@sotto/contracts';
import type { Attached } from '@sotto/queue';
import type { Request, Response } from 'express';
import { localsOf } from '../http/locals.ts';
import type { Principal } from '../http/principal.ts';
import type { ApiSettings } from '../settings/settings.ts';
import { type ReceivedUpload, type RecordingReference, receiveUpload } from '../uploads/receive.ts';
import type { AskedOptions } from './form.ts';
import { type SubmitDeps, submitUpload } from './submit.ts';

export interface AcceptDeps extends SubmitDeps {
  settings: Pick<
    ApiSettings,
    | 'defaultModel'
    | 'secondModel'
    | 'languages'
    | 'keepAfterEndMs'
    | 'knownVoicesEnabled'
    | 'maxFileBytes'
    | 'uploadIdleMs'
  >;
}

/** What an endpoint that takes recordings accepts. */
export interface UploadForm<Options extends AskedOptions> {
  /** Name of the part with the file. */
  fileField: string;
  isKnownField(name: string): boolean | SottoError;
  isRawPcm?: boolean;
  /** Of all text fields; absent: as usual. */
  maxTextBytes?: number;
  /** What this request may name instead of a file. */
  references?(request: Request, response: Response): RecordingReference[];
  /** @throws SottoError that says what cannot be used. */
  read(upload: ReceivedUpload, principal: Principal): Options | Promise<Options>;
}

/** Of what can be kept. */
export const KEEP_ERRORS: ErrorCode[] = ['library_off', 'library_unavailable'];

export const UPLOAD_ERRORS: ErrorCode[] = [
  'unknown_field',
  'file_missing',
  'too_many_files',
  'empty_file',
  'invalid_file_format',
  'upload_timeout',
  'file_too_large',
  'unsupported_media_type',
  'invalid_parameter',
  'model_not_available',
  'model_loading',
  'upgrading',
  'language_not_supported',
  'forbidden',
];

/** Receives a form with a recording and its options, and makes a request on a run of it. */
export async function acceptUpload<Options extends AskedOptions>(
  request: Request,
  response: Response,
  form: UploadForm<Options>,
  deps: AcceptDeps,
): Promise<{ submitted: Attached; options: Options }> {
  const { settings, storage } = deps;
  const { read, references, ...shape } = form;
  const limits = { maxFileBytes: settings.maxFileBytes, idleMs: settings.uploadIdleMs };
  const upload = await receiveUpload(request, response, {
    storage,
    ...limits,
    ...shape,
    references: references?.(request, response) ?? [],
  });
  return acceptReceived(upload, read, response, deps);
}

/** Makes a request on a run of a recording that has arrived, for every endpoint that takes recordings. */
export async function acceptReceived<Options extends AskedOptions>(
  upload: ReceivedUpload,
  read: UploadForm<Options>['read'],
  response: Response,
  deps: AcceptDeps,
): Promise<{ submitted: Attached; options: Options }> {
  try {
    const { principal } = localsOf(response);
    const options = await read(upload, principal);
    const submitted = await submitUpload(upload, options, principal, deps);
    noteWork(response, upload, submitted);
    // It is accepted in any case; what cannot be removed now is removed when the upload expires.
    await upload.onSubmitted?.(submitted.request.id).catch(() => {});
    return { submitted, options };
  } catch (error) {
    await upload.file.discard();
    throw error;
  }
}

function noteWork(response: Response, { file }: ReceivedUpload, { request, run, joined }: Attached): void {
  const model = 'model' in run.options ? run.options.model : null;
  const language = 'language' in run.options ? run.options.language : null;
  const ids = { jobId: request.id, runId: run.id };
  const facts = { ...ids, fileSize: file.bytes, container: file.container, language, model, joined };
  Object.assign(localsOf(response).metadata, facts);
}
