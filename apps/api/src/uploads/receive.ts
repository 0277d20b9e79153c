import { MAX_KEYTERMS, SottoError, SUPPORTED_FORMATS_TEXT } from '@sotto/contracts';
import type { BlobStore } from '@sotto/storage';
import type { Request, Response } from 'express';
import { invalidParameter } from '../http/invalid-parameter.ts';
import { cleanFileName, extensionOf, hasMediaExtension, isMediaType } from './file-name.ts';
import { MultipartReader, type PartInfo } from './multipart-reader.ts';
import { type StagedFile, stageFile, tooLarge } from './staged-file.ts';

export interface ReceiveOptions {
  storage: BlobStore;
  maxFileBytes: number;
  /** No byte for this long: 408. */
  idleMs: number;
  /** Name of the one part that is a file. */
  fileField: string;
  /** Whether a text field of this name exists; an error: why it cannot be had. */
  isKnownField(name: string): boolean | SottoError;
  /** The sender says that the file is bare samples (container `pcm`): its name, type and first bytes tell nothing. */
  isRawPcm?: boolean;
  /** Of all text fields; absent: as usual. */
  maxTextBytes?: number;
  /** Fields that name a recording in place of a file, and what gets it. */
  references?: readonly RecordingReference[];
}

export interface RecordingReference {
  field: string;
  /** @throws SottoError `invalid_parameter` and what keeps it from being got. */
  fetch(text: string): Promise<Omit<ReceivedUpload, 'fields'>>;
}

export interface ReceivedUpload {
  file: StagedFile;
  fileName: string;
  /** The resumable upload that it was. */
  uploadId?: string;
  /** Call this once a job has been made of it. */
  onSubmitted?(jobId: string): Promise<void>;
  /** Text fields as they were sent: a repeated one is an array. */
  fields: Record<string, unknown>;
}

/** What boundaries, part headers and text fields usually add to the file. */
const FORM_BYTES = 256 * 1024;

const maxBodyBytesOf = ({ maxFileBytes, maxTextBytes = 0 }: ReceiveOptions): number =>
  maxFileBytes + FORM_BYTES + maxTextBytes;

/** Terms to expect may be sent one by one. */
const FIELDS = 64 + MAX_KEYTERMS;
const LIMITS = { fields: FIELDS, parts: FIELDS + 2 };

/**
 * Reads a multipart body with one file to storage. The promise settles as soon as the outcome is certain, which for a
 * refusal is long before the body ends; the file is staged, and it is for the caller to commit or discard it.
 *
 * @throws SottoError by what is wrong with the body; ClientGone. Nothing is left in storage then.
 */
export async function receiveUpload(
  request: Request,
  response: Response,
  options: ReceiveOptions,
): Promise<ReceivedUpload> {
  if (!request.is('multipart/form-data')) {
    throw new SottoError('unsupported_media_type', 'Send the file as multipart/form-data.');
  }
  const declaredBytes = Number(request.headers['content-length'] ?? 0);
  if (declaredBytes > maxBodyBytesOf(options)) throw tooLarge(options.maxFileBytes);
  return new Reception(request, options).run(response);
}

class Reception extends MultipartReader {
  readonly #options: ReceiveOptions;
  #storing: Promise<StagedFile> | null = null;
  #fileName = '';

  constructor(request: Request, options: ReceiveOptions) {
    const { idleMs, maxTextBytes } = options;
    super(request, { idleMs, maxBodyBytes: maxBodyBytesOf(options), maxTextBytes, limits: LIMITS });
    this.#options = options;
  }

  async run(response: Response): Promise<ReceivedUpload> {
    try {
      await this.read(response);
      const [reference, another] = this.#references();
      if (reference !== undefined && (this.#storing !== null || another !== undefined)) {
        const fields = ['a file', ...(this.#options.references ?? []).map(({ field }) => field)];
        throw new SottoError('too_many_files', `Send only one of: ${fields.join(', ')}.`);
      }
      if (reference !== undefined) return { ...(await reference()), fields: { ...this.request.body } };
      if (this.#storing === null)
        throw new SottoError('file_missing', `The form has no part named "${this.#options.fileField}" with a file.`);
      const file = await this.#storing;
      return { file, fileName: this.#fileName, fields: { ...this.request.body } };
    } catch (error) {
      await this.#storing?.then((file) => file.discard()).catch(() => {});
      throw this.asRefusal(error);
    }
  }

  /** What the form names in place of a file. */
  #references(): (() => ReturnType<RecordingReference['fetch']>)[] {
    return (this.#options.references ?? []).flatMap(({ field, fetch }) => {
      const text: unknown = this.request.body[field];
      if (text === undefined || text === '') return [];
      if (typeof text !== 'string') throw invalidParameter(field, 'must be sent only once');
      return [() => fetch(text)];
    });
  }

  protected tooLarge(): SottoError {
    return tooLarge(this.#options.maxFileBytes);
  }

  protected checkField(name: string): void {
    const known = this.#options.isKnownField(name);
    if (known === true) return;
    if (known !== false) {
      this.refuse(known);
      return;
    }
    const detail =
      name === this.#options.fileField ? `"${name}" must be a file, not text.` : `Unknown field: ${quoted(name)}.`;
    this.refuse(new SottoError(name === this.#options.fileField ? 'file_missing' : 'unknown_field', detail));
  }

  protected checkFile(name: string, { filename, mimeType }: PartInfo): void {
    const { fileField, isRawPcm = false } = this.#options;
    if (name !== fileField) {
      const detail = `Unknown field: ${quoted(name)}. The file goes into "${fileField}".`;
      this.refuse(new SottoError('unknown_field', detail));
    } else if (this.#storing !== null) {
      this.refuse(new SottoError('too_many_files', 'Send one file per request.'));
    } else if (isRawPcm) {
      return;
    } else if (filename && !hasMediaExtension(filename)) {
      this.refuse(wrongKind(`The file name ends in .${extensionOf(filename)}.`));
    } else if (filename && !isMediaType(mimeType)) {
      this.refuse(wrongKind(`The declared type of the file is ${quoted(mimeType)}.`));
    }
  }

  protected store({ originalname, stream }: Express.Multer.File): Promise<StagedFile> {
    this.#fileName = cleanFileName(originalname);
    this.#storing = stageFile(stream, this.#options);
    return this.#storing;
  }
}

export function wrongKind(reason: string): SottoError {
  return new SottoError('invalid_file_format', `${reason} ${SUPPORTED_FORMATS_TEXT}`);
}

const quoted = (text: string): string => JSON.stringify(text.slice(0, 60));
