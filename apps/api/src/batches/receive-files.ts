import type { Readable } from 'node:stream';
import { asSottoError, type JobError, SottoError, SUPPORTED_FORMATS_TEXT } from '@sotto/contracts';
import type { Request, Response } from 'express';
import { readableBytes } from '../http/readable-bytes.ts';
import { cleanFileName, hasMediaExtension, isMediaType } from '../uploads/file-name.ts';
import { MultipartReader } from '../uploads/multipart-reader.ts';
import { type StagedFile, type StageOptions, stageFile } from '../uploads/staged-file.ts';

/** A received recording: the staged file, or why it was refused. */
export interface ReceivedRecording {
  fileName: string;
  url?: string;
  outcome: { file: StagedFile } | { error: JobError };
  /** Call this once a job has been made of it. */
  onSubmitted?(jobId: string): Promise<void>;
}

export interface ReceiveFilesOptions extends StageOptions {
  idleMs: number;
  maxFiles: number;
  /** Limit for all files together. */
  maxBytes: number;
  isKnownField(name: string): boolean;
  /** Makes a file durable on behalf of the batch. */
  keep(file: StagedFile): Promise<void>;
}

export interface ReceivedFiles {
  recordings: ReceivedRecording[];
  fields: Record<string, unknown>;
}

const FORM_BYTES = 1024 * 1024;
const OTHER_FIELDS = 64;

/**
 * Reads a multipart body with many files to storage, one after the other. A file that cannot be accepted is an
 * outcome of its own and does not affect the others; an invalid form, or a fault of ours, ends it all.
 *
 * @throws SottoError; ClientGone. The caller must delete what was kept until then.
 */
export async function receiveFiles(
  request: Request,
  response: Response,
  options: ReceiveFilesOptions,
): Promise<ReceivedFiles> {
  if (!request.is('multipart/form-data')) {
    throw new SottoError('unsupported_media_type', 'Send the files as parts of multipart/form-data.');
  }
  if (Number(request.headers['content-length'] ?? 0) > options.maxBytes + FORM_BYTES) throw tooManyBytes(options);
  return new Reception(request, options).run(response);
}

class Reception extends MultipartReader {
  readonly #options: ReceiveFilesOptions;
  readonly #recordings: Promise<ReceivedRecording>[] = [];
  #parts = 0;

  constructor(request: Request, options: ReceiveFilesOptions) {
    const { idleMs, maxBytes, maxFiles } = options;
    const limits = { fields: maxFiles + OTHER_FIELDS, parts: 2 * maxFiles + OTHER_FIELDS };
    super(request, { idleMs, maxBodyBytes: maxBytes + FORM_BYTES, limits });
    this.#options = options;
  }

  async run(response: Response): Promise<ReceivedFiles> {
    try {
      await this.read(response);
      return { recordings: await Promise.all(this.#recordings), fields: { ...this.request.body } };
    } catch (error) {
      // Wait for all of them: none may be kept after the caller has cleaned up.
      await Promise.allSettled(this.#recordings);
      throw this.asRefusal(error);
    }
  }

  protected tooLarge(): SottoError {
    return tooManyBytes(this.#options);
  }

  protected checkField(name: string): void {
    if (name === 'url' || name === 'upload_id') this.#countPart();
    else if (name === 'file') this.refuse(new SottoError('file_missing', '"file" must be a file, not text.'));
    else if (!this.#options.isKnownField(name)) {
      this.refuse(new SottoError('unknown_field', `Unknown field: ${quoted(name)}.`));
    }
  }

  protected checkFile(name: string): void {
    if (name === 'file') this.#countPart();
    else this.refuse(new SottoError('unknown_field', `Unknown field: ${quoted(name)}. Files go into "file".`));
  }

  #countPart(): void {
    this.#parts += 1;
    if (this.#parts > this.#options.maxFiles) this.refuse(tooManyFiles(this.#options.maxFiles));
  }

  protected store(file: Express.Multer.File): Promise<ReceivedRecording> {
    const storing = this.#keep(file);
    this.#recordings.push(storing);
    return storing;
  }

  async #keep({ originalname, mimetype, stream }: Express.Multer.File): Promise<ReceivedRecording> {
    const fileName = cleanFileName(originalname);
    try {
      if (!hasMediaExtension(originalname) || !isMediaType(mimetype)) {
        throw new SottoError(
          'invalid_file_format',
          `The file name or the declared type is not that of a recording. ${SUPPORTED_FORMATS_TEXT}`,
        );
      }
      const file = await stageFile(stream, this.#options);
      await this.#options.keep(file);
      return { fileName, outcome: { file } };
    } catch (error) {
      if (this.isRefused || !isOfTheFile(error)) throw error;
      await drained(stream);
      return { fileName, outcome: { error: asSottoError(error).toJobError() } };
    }
  }
}

/** The fault of this file alone, and no reason to refuse the others. */
export const isOfTheFile = (error: unknown): boolean => error instanceof SottoError && error.status < 500;

/** The parser waits until a part has been read to its end. */
function drained(stream: Readable): Promise<void> {
  return new Promise((resolve) => {
    if (stream.readableEnded || stream.destroyed) resolve();
    else stream.once('end', resolve).once('close', resolve).resume();
  });
}

export function tooManyFiles(maxFiles: number): SottoError {
  return new SottoError('batch_too_large', `A batch may have at most ${maxFiles} recordings.`, {
    fields: { max_files: maxFiles },
  });
}

function tooManyBytes({ maxBytes }: ReceiveFilesOptions): SottoError {
  return new SottoError(
    'batch_too_large',
    `The files of a batch may have at most ${readableBytes(maxBytes)} in total.`,
    {
      fields: { max_batch_size: maxBytes },
    },
  );
}

const quoted = (text: string): string => JSON.stringify(text.slice(0, 60));
