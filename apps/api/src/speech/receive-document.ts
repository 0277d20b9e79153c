import { SottoError, type SpeakForm, speakFieldsSchema } from '@sotto/contracts';
import type { BlobStore } from '@sotto/storage';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import { invalidParameter, parseParameters } from '../http/invalid-parameter.ts';
import type { ApiSettings } from '../settings/settings.ts';
import { cleanFileName } from '../uploads/file-name.ts';
import { MultipartReader } from '../uploads/multipart-reader.ts';
import { type StagedFile, stageKind, tooLarge } from '../uploads/staged-file.ts';
import type { TextSource } from './accept-text.ts';
import { type DocumentContent, documentContentOf, documentFormatOf } from './document-format.ts';

/** What a request for speech has, however it came. */
export interface ReceivedSpeech {
  form: Omit<SpeakForm, 'text'>;
  source: TextSource;
}

export interface ReceiveSpeechDeps {
  storage: BlobStore;
  settings: Pick<ApiSettings, 'maxDocumentBytes' | 'maxSpeechCharacters' | 'uploadIdleMs'>;
}

const FILE_FIELD = 'file';
const FIELDS: ReadonlySet<string> = new Set(Object.keys(speakFieldsSchema.shape));
const LIMITS = { fields: 64, parts: 66 };
/** Boundaries, part headers and fields other than `text`, `pronunciations` among them. */
const FORM_BYTES = 320 * 1024;
const BYTES_PER_CHARACTER = 4;

/**
 * Reads a form with a document, or a text in it, to storage. A document is staged: it is for the caller to commit or discard.
 *
 * @throws SottoError by what is wrong with the form; `invalid_document`, `empty_file`, `file_too_large`, storage's own;
 *   ClientGone. Nothing is left in storage then.
 */
export function receiveDocument(
  request: Request,
  response: Response,
  deps: ReceiveSpeechDeps,
): Promise<ReceivedSpeech> {
  return new Reception(request, deps).run(response);
}

class Reception extends MultipartReader {
  readonly #deps: ReceiveSpeechDeps;
  #storing: Promise<StagedFile<DocumentContent>> | null = null;
  #fileName = '';

  constructor(request: Request, deps: ReceiveSpeechDeps) {
    const { maxDocumentBytes, maxSpeechCharacters, uploadIdleMs: idleMs } = deps.settings;
    const maxTextBytes = maxSpeechCharacters * BYTES_PER_CHARACTER + FORM_BYTES;
    super(request, { idleMs, maxBodyBytes: maxDocumentBytes + maxTextBytes, maxTextBytes, limits: LIMITS });
    this.#deps = deps;
  }

  async run(response: Response): Promise<ReceivedSpeech> {
    try {
      await this.read(response);
      return this.#received(parseParameters(speakFieldsSchema, { ...this.request.body }), await this.#storing);
    } catch (error) {
      await this.#storing?.then((file) => file.discard()).catch(() => {});
      throw this.asRefusal(error);
    }
  }

  #received(
    { text, ...form }: z.output<typeof speakFieldsSchema>,
    document: StagedFile<DocumentContent> | null,
  ): ReceivedSpeech {
    if (document === null) {
      if (text === undefined) throw new SottoError('file_missing', `Send a "${FILE_FIELD}", or a "text".`);
      return { form, source: { text } };
    }
    if (text !== undefined) throw invalidParameter('text', `cannot go with a ${FILE_FIELD}`);
    const format = documentFormatOf(form.text_format, this.#fileName, document.container);
    return {
      form: { ...form, text_format: format, file_name: form.file_name ?? this.#fileName },
      source: { document },
    };
  }

  protected tooLarge(): SottoError {
    return tooLarge(this.#deps.settings.maxDocumentBytes);
  }

  protected checkField(name: string): void {
    if (name === FILE_FIELD) this.refuse(new SottoError('file_missing', `"${FILE_FIELD}" must be a file, not text.`));
    else if (!FIELDS.has(name)) this.refuse(unknownField(name));
  }

  protected checkFile(name: string): void {
    if (name !== FILE_FIELD) this.refuse(unknownField(name));
    else if (this.#storing !== null) this.refuse(new SottoError('too_many_files', 'Send one file per request.'));
  }

  protected store({ originalname, stream }: Express.Multer.File): Promise<unknown> {
    const { storage, settings } = this.#deps;
    this.#fileName = cleanFileName(originalname);
    this.#storing = stageKind(stream, { storage, maxFileBytes: settings.maxDocumentBytes }, documentContentOf);
    return this.#storing;
  }
}

const unknownField = (name: string): SottoError =>
  new SottoError('unknown_field', `Unknown field: ${JSON.stringify(name.slice(0, 60))}.`);
