import { parse } from 'node:path';
import {
  type CaptionChoice,
  type CaptionOptions,
  captionOptions,
  captionProblem,
  type Granularity,
  type JobRequest,
  type ResponseFormat,
  SottoError,
  type Transcript,
} from '@sotto/contracts';
import { FORMATS, renderTranscript } from '@sotto/transcript';
import type { Response } from 'express';

/** What a reader wants that differs from the request. */
export interface RenderingChoice {
  responseFormat?: ResponseFormat | undefined;
  granularity?: Granularity | undefined;
  captions?: CaptionChoice;
}

/** @throws SottoError `invalid_parameter` for captions that cannot be made. */
export function captionsOf(...choices: readonly (CaptionChoice | undefined)[]): CaptionOptions {
  const captions = captionOptions(...choices);
  const problem = captionProblem(captions);
  if (problem !== null) throw new SottoError('invalid_parameter', `${problem}.`);
  return captions;
}

/** Responds with a transcript; formats no browser can show get a file name for saving. */
export function sendRendered(
  response: Response,
  transcript: Transcript,
  { delivery, fileName }: Pick<JobRequest, 'delivery' | 'fileName'>,
  choice: RenderingChoice = {},
): void {
  const format = choice.responseFormat ?? delivery.responseFormat;
  const { contentType, body } = renderTranscript(transcript, format, {
    granularity: choice.granularity ?? delivery.granularity,
    captions: captionsOf(delivery.captions, choice.captions),
    title: fileName,
  });
  if (typeof body === 'string') {
    response.type(contentType).send(body);
    return;
  }
  response.attachment(`${parse(fileName).name}.${FORMATS[format].extension}`).type(contentType);
  response.send(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
}
