import type { ErrorCode } from '@sotto/contracts';
import { z } from 'zod';
import type { Answer } from '../http/description.ts';
import { type Call, type Endpoint, endpoint } from '../http/endpoint.ts';
import { offsetErrors } from './errors.ts';
import { findUpload, uploadParams } from './find.ts';
import { Tus, UPLOADS_PATH } from './tus.ts';
import { UploadStore, type UploadStoreDeps } from './upload-store.ts';

export interface ResumableDeps extends UploadStoreDeps {
  maxFileBytes: number;
}

const ONE = `${UPLOADS_PATH}/{id}`;
const version = { 'Tus-Resumable': z.literal('1.0.0') };
const bytes = z.string().regex(/^\d{1,15}$/);
const metadata = z.string().optional().meta({ description: '`filename` and `filetype` are used; values are base64.' });
const offsetHeader = { 'Upload-Offset': 'Number of bytes received: where to continue.', 'Tus-Resumable': '1.0.0' };
const CREATE_ERRORS: ErrorCode[] = [
  'empty_file',
  'invalid_file_format',
  'file_too_large',
  'upload_timeout',
  'tus_version',
];
const WRITE_ERRORS: ErrorCode[] = [
  'upload_not_found',
  'upload_conflict',
  'invalid_file_format',
  'file_too_large',
  'upload_timeout',
  'key_full',
  'storage_unavailable',
  'disk_full',
  'shutting_down',
  'tus_version',
];

type AnyCall = Pick<UploadCall, 'request' | 'response'>;
type UploadCall = Call<z.output<typeof uploadParams.schema>, unknown, undefined>;

/** Resumable uploads: tus 1.0 with creation, deferred length, expiration and termination. */
export function resumableEndpoints(deps: ResumableDeps): Endpoint[] {
  const tus = new Tus(new UploadStore(deps), () => deps.maxFileBytes);
  const handle = ({ request, response }: AnyCall) => tus.handle(request, response);
  const handleOwn = async ({ params, principal, request, response }: UploadCall) => {
    await findUpload(params.id, principal, deps.uploads);
    await tus.handle(request, response);
  };
  return [
    createEndpoint(handle),
    optionsEndpoint(handle),
    offsetEndpoint(handleOwn),
    writeEndpoint(handleOwn),
    deleteEndpoint(handleOwn),
  ];
}

function createEndpoint(handle: (call: AnyCall) => Promise<void>): Endpoint {
  return endpoint({
    method: 'post',
    path: UPLOADS_PATH,
    tag: 'uploads',
    access: 'transcribe',
    createsWork: true,
    summary: 'Start a resumable upload',
    description: 'tus 1.0. When the upload is complete, send its id as `upload_id` to /transcribe.',
    headers: {
      ...version,
      'Upload-Length': bytes.optional().meta({ description: 'Size of the file in bytes.' }),
      'Upload-Defer-Length': z.literal('1').optional().meta({ description: 'The length will be sent later.' }),
      'Upload-Metadata': metadata,
    },
    answers: {
      201: answer('Created; its address is in `Location`.', { ...offsetHeader, Location: 'Address of the upload.' }),
    },
    errors: CREATE_ERRORS,
    handle,
  });
}

function optionsEndpoint(handle: (call: AnyCall) => Promise<void>): Endpoint {
  return endpoint({
    method: 'options',
    path: UPLOADS_PATH,
    tag: 'uploads',
    access: 'open',
    summary: 'Supported version and extensions of tus',
    answers: { 204: answer('`Tus-Version`, `Tus-Extension`, `Tus-Max-Size`.', { 'Tus-Resumable': '1.0.0' }) },
    errors: [],
    handle,
  });
}

function offsetEndpoint(handle: (call: UploadCall) => Promise<void>): Endpoint {
  return endpoint({
    method: 'head',
    path: ONE,
    tag: 'uploads',
    access: 'transcribe',
    summary: 'How much of an upload has arrived',
    params: uploadParams,
    headers: version,
    answers: { 200: answer('The offset of the upload.', offsetHeader) },
    errors: ['upload_not_found', 'tus_version'],
    errorShapes: [offsetErrors],
    handle,
  });
}

function writeEndpoint(handle: (call: UploadCall) => Promise<void>): Endpoint {
  return endpoint({
    method: 'patch',
    path: ONE,
    tag: 'uploads',
    access: 'transcribe',
    summary: 'Send the next part of an upload',
    params: uploadParams,
    headers: { ...version, 'Upload-Offset': bytes.meta({ description: 'Offset at which these bytes start.' }) },
    streamedBody: {
      'application/offset+octet-stream': z.string().meta({ override: { type: 'string', format: 'binary' } }),
    },
    answers: { 204: answer('The bytes were received.', offsetHeader) },
    errors: WRITE_ERRORS,
    handle,
  });
}

function deleteEndpoint(handle: (call: UploadCall) => Promise<void>): Endpoint {
  return endpoint({
    method: 'delete',
    path: ONE,
    tag: 'uploads',
    access: 'transcribe',
    summary: 'Cancel an upload',
    params: uploadParams,
    headers: version,
    answers: { 204: answer('Deleted.', { 'Tus-Resumable': '1.0.0' }) },
    errors: ['upload_not_found', 'tus_version'],
    handle,
  });
}

function answer(description: string, headers: Record<string, string>): Answer {
  return { description, content: {}, headers };
}
