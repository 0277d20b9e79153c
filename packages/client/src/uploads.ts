import { SottoError } from '#wire';
import { Backoff, retryable } from './backoff.ts';
import { UnexpectedAnswerError } from './errors.ts';
import type { Call, Http } from './http.ts';
import { StallWatch } from './stall-watch.ts';
import { upload } from './upload.ts';
import type { UploadProgress } from './upload-body.ts';
import { nameOf, type SliceableSource, type StoredUpload } from './upload-source.ts';

export interface ResumableOptions extends Call {
  /** Continues an upload that was begun before, by this process or another. Default: a new one. */
  uploadId?: string;
  /** Called when there is an upload: with its id it can be continued later. */
  onBegun?: (uploadId: string) => void;
  onUploadProgress?: (progress: UploadProgress) => void;
  /** Called when the connection broke and is tried again. */
  onRetry?: (failure: Error) => void;
  /** How long to keep trying while nothing comes through. Default: 5 minutes. */
  giveUpAfterMs?: number;
}

/** What a broken connection can cost behind a proxy that passes on whole requests only. */
const PIECE_BYTES = 8 * 1024 * 1024;
const GIVE_UP_AFTER_MS = 5 * 60_000;
const TUS = { 'tus-resumable': '1.0.0' };

/** Errors of a piece that go away when the upload continues where the service stands. */
const TRANSIENT = new Set<string>(['upload_conflict', 'upload_timeout']);
/** An answer to HEAD has no body to tell its code. */
const HEAD_CODES = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'upload_not_found',
  423: 'queue_unavailable',
} as const;

/**
 * Resumable uploads over tus 1.0 (https://tus.io/protocols/resumable-upload). A recording is sent in pieces; when the
 * connection breaks, the service says how much it has, and the rest follows from there.
 */
export class Uploads {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /**
   * Sends a recording over as many connections as it takes. The result is for `transcribe`, `submit` or a batch. When this
   * rejects, what was sent stays on the service until its retention ends or it is removed.
   *
   * @throws SottoError, ConnectionError when nothing came through for `giveUpAfterMs`, UnexpectedAnswerError, the signal's
   * reason.
   */
  async send(source: Blob | SliceableSource, options: ResumableOptions = {}): Promise<StoredUpload> {
    const { signal } = options;
    const totalBytes = source instanceof Blob ? source.size : source.bytes;
    const uploadId = options.uploadId ?? (await this.#begin(source, totalBytes, signal));
    options.onBegun?.(uploadId);
    const backoff = new Backoff(options.giveUpAfterMs ?? GIVE_UP_AFTER_MS);
    let offset = options.uploadId === undefined ? 0 : null;
    let furthest = 0;
    for (;;) {
      try {
        offset ??= await this.#offset(uploadId, totalBytes, signal);
        if (offset > furthest) backoff.reset();
        furthest = Math.max(furthest, offset);
        if (offset === totalBytes) return { uploadId };
        offset = await this.#sendPiece(source, uploadId, offset, totalBytes, options);
      } catch (error) {
        const failure = error instanceof SottoError && TRANSIENT.has(error.code) ? error : retryable(error);
        offset = null;
        options.onRetry?.(failure);
        await backoff.wait(failure, signal);
      }
    }
  }

  /** Removes what was uploaded. */
  async remove(uploadId: string, call: Call = {}): Promise<void> {
    await this.#http.request(this.#url(uploadId), { method: 'DELETE', headers: this.#http.headers(TUS) }, call);
  }

  async #begin(source: Blob | SliceableSource, totalBytes: number, signal: AbortSignal | undefined): Promise<string> {
    const url = this.#http.url('/uploads');
    const type = source instanceof Blob ? source.type : '';
    const metadata = [`filename ${base64(nameOf(source))}`, ...(type === '' ? [] : [`filetype ${base64(type)}`])];
    const headers = { ...TUS, 'upload-length': String(totalBytes), 'upload-metadata': metadata.join(',') };
    const init = { method: 'POST', headers: this.#http.headers(headers) };
    const response = await this.#http.request(url, init, signal ? { signal } : {});
    const uploadId = response.headers.get('location')?.split('/').pop();
    if (uploadId) return uploadId;
    throw new UnexpectedAnswerError(response.status, 'no Location of an upload');
  }

  async #offset(uploadId: string, totalBytes: number, signal: AbortSignal | undefined): Promise<number> {
    const init = { method: 'HEAD', headers: this.#http.headers(TUS) };
    const statuses = Object.keys(HEAD_CODES).map(Number);
    const response = await this.#http.request(this.#url(uploadId), init, signal ? { signal } : {}, statuses);
    const code = HEAD_CODES[response.status as keyof typeof HEAD_CODES];
    if (code !== undefined) throw new SottoError(code, `It was asked for upload ${uploadId}.`);
    const length = response.headers.get('upload-length');
    if (length !== null && Number(length) !== totalBytes) {
      throw new SottoError(
        'upload_not_found',
        `Upload ${uploadId} is of ${length} bytes, this recording of ${totalBytes}.`,
      );
    }
    return offsetOf(response);
  }

  async #sendPiece(
    source: Blob | SliceableSource,
    uploadId: string,
    offset: number,
    totalBytes: number,
    { signal, onUploadProgress }: ResumableOptions,
  ): Promise<number> {
    const endByte = Math.min(totalBytes, offset + PIECE_BYTES);
    const stall = new StallWatch(this.#url(uploadId), signal);
    try {
      const response = await upload(this.#http, this.#url(uploadId), {
        method: 'PATCH',
        headers: { ...TUS, 'upload-offset': String(offset) },
        body: { contentType: 'application/offset+octet-stream', parts: [pieceOf(source, offset, endByte)] },
        signal: stall.signal,
        onProgress: ({ sentBytes }) => {
          stall.moved();
          onUploadProgress?.({ sentBytes: offset + sentBytes, totalBytes });
        },
      });
      return offsetOf(response);
    } finally {
      stall.end();
    }
  }

  #url(uploadId: string): string {
    return this.#http.url(`/uploads/${encodeURIComponent(uploadId)}`);
  }
}

function pieceOf(source: Blob | SliceableSource, startByte: number, endByte: number) {
  if (source instanceof Blob) return source.slice(startByte, endByte);
  return { name: source.name, bytes: endByte - startByte, stream: () => source.slice(startByte, endByte) };
}

function offsetOf(response: Response): number {
  const offset = Number(response.headers.get('upload-offset') ?? Number.NaN);
  if (Number.isSafeInteger(offset)) return offset;
  throw new UnexpectedAnswerError(response.status, 'no Upload-Offset');
}

function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));
}
