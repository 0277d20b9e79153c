import type { Readable, Writable } from 'node:stream';
import { SottoError } from '@sotto/contracts';
import type { Request, Response } from 'express';
import multer from 'multer';
import { ClientGone } from '../http/client-gone.ts';
import { watchIdle } from './idle-watch.ts';
import { parserError } from './parser-error.ts';
import { boundaryOf, PartHeaderCleaner } from './part-headers.ts';

export interface MultipartSettings {
  /** No byte for this long: 408. */
  idleMs: number;
  /** Of the whole body. */
  maxBodyBytes: number;
  /** Of all text fields; absent: as usual. */
  maxTextBytes?: number | undefined;
  limits: multer.Options['limits'];
}

export interface PartInfo {
  filename?: string;
  mimeType: string;
}

/** Of all text fields together: a repeated one has many values, and none of them is to fill the memory. */
const MAX_TEXT_BYTES = 512 * 1024;

const FIELD_LIMITS = { fieldNameSize: 100, headerPairs: 64 };

/**
 * Reads one multipart body. receiving -> received | refused: the first error decides, and ends the reading at once.
 * What may come, and where files go, is the subclass's.
 */
export abstract class MultipartReader implements multer.StorageEngine {
  protected readonly request: Request;
  readonly #settings: MultipartSettings;
  #bodyBytes = 0;
  #isRefused = false;
  #refuse: (error: unknown) => void = () => {};

  constructor(request: Request, settings: MultipartSettings) {
    this.request = request;
    this.#settings = settings;
  }

  /** Before anything of the part is read; a part may have no name at all. */
  protected abstract checkField(name: string): void;
  protected abstract checkFile(name: string, part: PartInfo): void;
  /** Rejects with what refuses the whole body. */
  protected abstract store(file: Express.Multer.File): Promise<unknown>;
  protected abstract tooLarge(): SottoError;

  protected get isRefused(): boolean {
    return this.#isRefused;
  }

  protected refuse(error: unknown): void {
    this.#refuse(error);
  }

  /** Resolves when all parts are read and stored; text fields are in `request.body` then. */
  protected read(response: Response): Promise<void> {
    const { maxTextBytes: fieldSize = MAX_TEXT_BYTES / 2 } = this.#settings;
    const limits = { ...FIELD_LIMITS, fieldSize, ...this.#settings.limits };
    return new Promise((resolve, reject) => {
      this.#refuse = reject;
      const settings = { storage: this, limits, defParamCharset: 'utf8', streamHandler: this.#feed };
      multer(settings).any()(this.request, response, (error: unknown) => (error ? reject(error) : resolve()));
    });
  }

  /** An error of the reading in the words of the catalogue. */
  protected asRefusal(error: unknown): unknown {
    return parserError(error, this.request.destroyed && !this.request.complete);
  }

  /** multer's hook for feeding the parser: the one place where the parser can be watched and stopped at once. */
  readonly #feed = (request: Request, parser: Writable): void => {
    const { idleMs, maxTextBytes = MAX_TEXT_BYTES } = this.#settings;
    const body = new PartHeaderCleaner(boundaryOf(request.headers['content-type'] ?? '') ?? '');
    const stopWatch = watchIdle(request, body, idleMs, () =>
      this.#refuse(new SottoError('upload_timeout', `No data was received for ${idleMs / 1000} s.`)),
    );
    const refuse = this.#refuse;
    this.#refuse = (error) => {
      this.#isRefused = true;
      stopWatch();
      request.unpipe(body);
      parser.destroy(error instanceof Error ? error : new Error(String(error)));
      refuse(error);
    };
    // Before multer's own listeners, which begin to store the part.
    let characters = 0;
    parser.prependListener('field', (name: string | undefined, value: string | undefined) => {
      characters += value?.length ?? 0;
      if (characters > maxTextBytes) this.#refuse(new SottoError('invalid_request', 'The text fields are too long.'));
      else this.checkField(name ?? '');
    });
    parser.prependListener('file', (name: string | undefined, _stream: Readable, part: PartInfo) =>
      this.checkFile(name ?? '', part),
    );
    parser.on('error', (error: unknown) => this.#refuse(error));
    parser.on('close', stopWatch);
    request.on('data', (chunk: Buffer) => this.#count(chunk.length));
    request.on('close', () => {
      if (!request.readableEnded) this.#refuse(new ClientGone());
    });
    request.pipe(body).pipe(parser);
  };

  #count(bytes: number): void {
    this.#bodyBytes += bytes;
    if (this.#bodyBytes > this.#settings.maxBodyBytes) this.#refuse(this.tooLarge());
  }

  _handleFile(_request: Request, file: Express.Multer.File, done: (error?: unknown) => void): void {
    if (this.#isRefused) {
      done(new Error('refused'));
      return;
    }
    this.store(file).then(
      () => done(null),
      (error: unknown) => {
        this.#refuse(error);
        done(error);
      },
    );
  }

  /** Nothing to do: what a refused request has stored is the subclass's to discard. */
  _removeFile(_request: Request, _file: Express.Multer.File, done: (error: Error | null) => void): void {
    done(null);
  }
}
