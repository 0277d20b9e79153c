import {
  ARCHIVE_FORMATS,
  type ErrorCode,
  speakFieldsSchema,
  speakFormSchema,
  speechDeliveryOf,
  speechOptionsOf,
} from '@sotto/contracts';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { invalidParameter } from '../http/invalid-parameter.ts';
import { readJson } from '../http/json-body.ts';
import type { ApiSettings } from '../settings/settings.ts';
import type { Encoders } from '../sound/encoder.ts';
import { type ReceivedSpeech, type ReceiveSpeechDeps, receiveDocument } from './receive-document.ts';
import { type SubmitTextDeps, type SubmittedText, submitText } from './submit-text.ts';

/** Of JSON: a character may take six of them, and there are other fields, `pronunciations` among them. */
export const BYTES_PER_CHARACTER = 6;
export const OTHER_BYTES = 320 * 1024;

/** What a form with a document may be refused for besides. */
export const DOCUMENT_ERRORS: ErrorCode[] = [
  'unknown_field',
  'file_missing',
  'too_many_files',
  'empty_file',
  'file_too_large',
  'upload_timeout',
];

/** In the order people look for them. */
const { text, ...fields } = speakFieldsSchema.shape;
const document = z.string().meta({
  description: 'The document, instead of `text`.',
  override: { type: 'string', format: 'binary' },
});
export const speechBody = {
  'application/json': speakFormSchema,
  'multipart/form-data': z.strictObject({ file: document.optional(), text, ...fields }),
};

export interface AcceptSpeechDeps extends SubmitTextDeps, ReceiveSpeechDeps {
  settings: ApiSettings;
  encoders: Pick<Encoders, 'mustHave'>;
}

/**
 * Takes a text as JSON, or a document as a form, and makes a request on a run of it. Nothing is left of what is refused.
 *
 * @throws SottoError what readJson, receiveDocument and submitText throw
 */
export async function acceptSpeech(
  request: Request,
  response: Response,
  deps: AcceptSpeechDeps,
): Promise<{ form: ReceivedSpeech['form']; submitted: SubmittedText }> {
  const received = await receive(request, response, deps);
  return { form: received.form, submitted: await submit(received, response, deps) };
}

async function receive(request: Request, response: Response, deps: AcceptSpeechDeps): Promise<ReceivedSpeech> {
  if (request.is('multipart/form-data')) return receiveDocument(request, response, deps);
  const maxBytes = deps.settings.maxSpeechCharacters * BYTES_PER_CHARACTER + OTHER_BYTES;
  const { text, ...form } = await readJson(speakFormSchema, request, response, maxBytes);
  return { form, source: { text } };
}

async function submit(
  { form, source }: ReceivedSpeech,
  response: Response,
  deps: AcceptSpeechDeps,
): Promise<SubmittedText> {
  try {
    if ('text' in source && ARCHIVE_FORMATS.some((format) => format === form.text_format)) {
      throw invalidParameter('text_format', `${form.text_format} is of files: send one as multipart/form-data`);
    }
    await deps.encoders.mustHave(form.response_format);
    const asked = {
      source,
      options: speechOptionsOf(form),
      dictionary: form.dictionary,
      delivery: speechDeliveryOf(form),
      fileName: form.file_name ?? 'text.txt',
      maxCharacters: deps.settings.maxSpeechCharacters,
      textField: 'text',
    };
    return await submitText(asked, response, deps);
  } catch (error) {
    if ('document' in source) await source.document.discard();
    throw error;
  }
}
