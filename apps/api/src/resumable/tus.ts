import { type ErrorCode, SottoError } from '@sotto/contracts';
import { Server, type Upload } from '@tus/server';
import type { Request, Response } from 'express';
import type { ServerRequest } from 'srvx';
import { NodeRequest } from 'srvx/node';
import { ClientGone } from '../http/client-gone.ts';
import { localsOf } from '../http/locals.ts';
import { extensionOf, hasMediaExtension, isMediaType } from '../uploads/file-name.ts';
import { wrongKind } from '../uploads/receive.ts';
import { tooLarge } from '../uploads/staged-file.ts';
import { ownedBy, type UploadStore } from './upload-store.ts';

export const UPLOADS_PATH = '/uploads';

/** The error of a response that tus refused. */
type TusError = Error | { status_code: number; body: string };

/**
 * The tus 1.0 protocol (https://tus.io/protocols/resumable-upload): @tus/server implements it, and what it refuses
 * becomes an error of the catalogue like any other.
 */
export class Tus {
  readonly #server: Server;
  readonly #maxFileBytes: () => number;
  readonly #refused = new WeakMap<Response, TusError>();

  constructor(store: UploadStore, maxFileBytes: () => number) {
    this.#maxFileBytes = maxFileBytes;
    this.#server = new Server({
      path: UPLOADS_PATH,
      datastore: store,
      maxSize: maxFileBytes,
      namingFunction: () => crypto.randomUUID(),
      generateUrl: (request, { id }) => `${expressOf(request).request.baseUrl}${UPLOADS_PATH}/${id}`,
      // CORS is the application's.
      allowedOrigins: () => false,
      onUploadCreate: async (request, upload) => {
        checkDeclared(upload);
        ownedBy(upload, localsOf(expressOf(request).response).principal.keyId);
        return {};
      },
      onUploadFinish: async (_request, upload) => {
        await store.checkWhole(upload.id);
        return {};
      },
      onResponseError: (request, error) => {
        this.#refused.set(expressOf(request).response, error);
        return undefined;
      },
    });
  }

  /** @throws SottoError by what is refused; ClientGone. */
  async handle(request: Request, response: Response): Promise<void> {
    const answer = await this.#server.handleWeb(new NodeRequest({ req: request, res: response }));
    const error = this.#refused.get(response);
    if (error instanceof SottoError) throw error;
    if (request.destroyed && !request.complete) throw new ClientGone();
    if (answer.status >= 400) throw this.#asCatalogued(error, answer.status, await answer.text());
    for (const [name, value] of answer.headers) {
      if (!name.startsWith('access-control-')) response.set(name, value);
    }
    response.status(answer.status).end();
  }

  #asCatalogued(error: TusError | undefined, status: number, body: string): unknown {
    if (error instanceof Error) return error;
    if (status === 413) return tooLarge(this.#maxFileBytes());
    return new SottoError(CODES[status] ?? 'invalid_request', `${body.trim().replace(/[.:]$/, '')}.`);
  }
}

const CODES: Partial<Record<number, ErrorCode>> = {
  404: 'upload_not_found',
  409: 'upload_conflict',
  410: 'upload_not_found',
  412: 'tus_version',
};

/** @throws SottoError `empty_file`, `invalid_file_format`. */
function checkDeclared({ size, metadata }: Upload): void {
  if (size === 0) throw new SottoError('empty_file', 'Upload-Length is 0.');
  const { filename, filetype } = metadata ?? {};
  if (filename && !hasMediaExtension(filename)) throw wrongKind(`The file name ends in .${extensionOf(filename)}.`);
  if (filetype && !isMediaType(filetype)) throw wrongKind(`Its declared type is ${JSON.stringify(filetype)}.`);
}

function expressOf(request: ServerRequest): { request: Request; response: Response } {
  const { req, res } = request.runtime?.node ?? {};
  return { request: req as unknown as Request, response: res as unknown as Response };
}
