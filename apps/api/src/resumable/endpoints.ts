import { type ErrorCode, SottoError } from '@sotto/contracts';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Answer, Endpoint } from '../http/endpoint.ts';
import { localsOf } from '../http/locals.ts';
import { offsetErrors } from './errors.ts';
import { Tus, UPLOADS_PATH } from './tus.ts';
import { UploadStore, type UploadStoreDeps } from './upload-store.ts';

export interface ResumableDeps extends UploadStoreDeps {
  maxFileBytes: number;
}

const ONE = `${UPLOADS_PATH}/{id}`;
const params = { id: z.string().meta({ description: 'The last part of `Location`; `upload_id` of /transcribe.' }) };
const version = { 'Tus-Resumable': z.literal('1.0.0') };
const bytes = z.string().regex(/^\d{1,15}$/);
const metadata = z.string().optional().meta({ description: '`filename` and `filetype` are read; values in base64.' });
const offsetHeader = { 'Upload-Offset': 'Bytes that are here: where to go on.', 'Tus-Resumable': '1.0.0' };
const CREATE_ERRORS: ErrorCode[] = [
  'empty_file',
  'invalid_file_format',
  'file_too_large',
  'upload_timeout',
  'tus_version',
];
const WRITE_ERRORS: ErrorCode[] = [
  ...(['upload_not_found', 'upload_conflict', 'invalid_file_format', 'file_too_large', 'upload_timeout'] as const),
  ...(['storage_unavailable', 'disk_full', 'shutting_down', 'tus_version'] as const),
];

/** Large files over bad lines, in pieces: tus 1.0 with creation, deferred length, expiration and termination. */
export function resumableEndpoints(deps: ResumableDeps): Endpoint[] {
  const tus = new Tus(new UploadStore(deps), deps.maxFileBytes);
  const handle = (request: Request, response: Response) => tus.handle(request, response);
  const handleOwn = async (request: Request, response: Response) => {
    await mustBeOwn(request, response, deps);
    await tus.handle(request, response);
  };
  const common = { tag: 'uploads', access: 'transcribe' } as const;
  return [
    {
      ...{ ...common, method: 'post', path: UPLOADS_PATH, summary: 'Begin a resumable upload', createsWork: true },
      description: 'tus 1.0. When it is complete, send its id as `upload_id` to /transcribe.',
      headers: {
        ...version,
        'Upload-Length': bytes.optional().meta({ description: 'Bytes of the file.' }),
        'Upload-Defer-Length': z.literal('1').optional().meta({ description: 'The length is told later.' }),
        'Upload-Metadata': metadata,
      },
      answers: { 201: answer('Begun; `Location` is its address.', { ...offsetHeader, Location: 'Its address.' }) },
      errors: CREATE_ERRORS,
      handle,
    },
    {
      ...{ ...common, method: 'options', path: UPLOADS_PATH, summary: 'What of tus is spoken', access: 'open' },
      answers: { 204: answer('`Tus-Version`, `Tus-Extension`, `Tus-Max-Size`.', { 'Tus-Resumable': '1.0.0' }) },
      errors: [],
      handle,
    },
    {
      ...{ ...common, method: 'head', path: ONE, summary: 'How far an upload is', params, headers: version },
      answers: { 200: answer('Its offset.', offsetHeader) },
      errors: ['upload_not_found', 'tus_version'],
      errorShapes: [offsetErrors],
      handle: handleOwn,
    },
    {
      ...{ ...common, method: 'patch', path: ONE, summary: 'Send more of an upload', params },
      headers: { ...version, 'Upload-Offset': bytes.meta({ description: 'Where these bytes begin.' }) },
      body: { 'application/offset+octet-stream': z.string().meta({ override: { type: 'string', format: 'binary' } }) },
      answers: { 204: answer('All of it is here.', offsetHeader) },
      errors: WRITE_ERRORS,
      handle: handleOwn,
    },
    {
      ...{ ...common, method: 'delete', path: ONE, summary: 'Give an upload up', params, headers: version },
      answers: { 204: answer('Deleted.', { 'Tus-Resumable': '1.0.0' }) },
      errors: ['upload_not_found', 'tus_version'],
      handle: handleOwn,
    },
  ];
}

function answer(description: string, headers: Record<string, string>): Answer {
  return { description, content: {}, headers };
}

/** @throws SottoError `upload_not_found`, also for another key's. */
async function mustBeOwn(request: Request, response: Response, { uploads }: ResumableDeps): Promise<void> {
  const { keyId } = localsOf(response).principal;
  const upload = await uploads.find(String(request.params.id ?? ''), keyId ?? undefined);
  if (upload === null) throw new SottoError('upload_not_found', 'No upload has this id.');
}
