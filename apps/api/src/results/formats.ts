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
  type Warning,
  type Wording,
  type WordingChoice,
  wordingOf,
} from '@sotto/contracts';
import { FORMATS, renderTranscript } from '@sotto/transcript';
import type { Response } from 'express';
import type { Renderer } from './renderer.ts';

/** What a reader wants that differs from the request. */
export interface RenderingChoice {
  responseFormat?: ResponseFormat | undefined;
  granularity?: Granularity | undefined;
  captions?: CaptionChoice;
  wording?: WordingChoice;
  speakerNames?: string[] | undefined;
}

export interface FormatOptions {
  format: ResponseFormat;
  granularity: Granularity;
  captions: CaptionOptions;
  wording: Wording;
  /** Name of the recording. */
  title: string;
  /** Added to those of the transcript. */
  warnings?: Warning[];
}

/** A transcript in one of our own formats. */
export const formatRenderer: Renderer<FormatOptions> = {
  name: 'format',
  render: (transcript, { format, warnings = [], ...options }) => {
    const warned = { ...transcript, warnings: [...transcript.warnings, ...warnings] };
    return renderTranscript(warned, format, options).body;
  },
};

/** @throws SottoError `invalid_parameter` for captions that cannot be made. */
export function captionsOf(...choices: readonly (CaptionChoice | undefined)[]): CaptionOptions {
  const captions = captionOptions(...choices);
  const problem = captionProblem(captions);
  if (problem !== null) throw new SottoError('invalid_parameter', `${problem}.`);
  return captions;
}

/**
 * The format that a request and its reader ask for.
 *
 * @throws SottoError `invalid_parameter` for captions that cannot be made.
 */
export function formatOf(
  { delivery, fileName }: Pick<JobRequest, 'delivery' | 'fileName'>,
  choice: RenderingChoice = {},
): FormatOptions {
  return {
    format: choice.responseFormat ?? delivery.responseFormat,
    granularity: choice.granularity ?? delivery.granularity,
    captions: captionsOf(delivery.captions, choice.captions),
    wording: wordingOf(delivery.wording, choice.wording),
    title: fileName,
  };
}

/** Responds with a rendered transcript; formats no browser can show get a file name for saving. */
export function sendFormat(response: Response, body: string | Buffer, { format, title }: FormatOptions): void {
  const { contentType, extension } = FORMATS[format];
  if (format === 'docx') response.attachment(`${parse(title).name}.${extension}`);
  response.type(contentType).send(body);
}
