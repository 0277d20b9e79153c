import {
  type ResponseFormat,
  type WireTranscript,
  type WireVerboseTranscript,
  wireTranscriptSchema,
  wireVerboseTranscriptSchema,
} from '#wire';
import { UnexpectedAnswerError } from './errors.ts';
import type { Http } from './http.ts';

/** What a format is in code: objects for the two JSON formats, bytes for docx, text for all others. */
export type ResultOf<F extends ResponseFormat> = F extends 'json'
  ? WireTranscript
  : F extends 'verbose_json'
    ? WireVerboseTranscript
    : F extends 'docx'
      ? Uint8Array<ArrayBuffer>
      : string;

/** @throws UnexpectedAnswerError, ConnectionError, the reason of the signal. */
export async function readResult<F extends ResponseFormat>(
  http: Http,
  url: string,
  response: Response,
  format: F,
  signal: AbortSignal | undefined,
): Promise<ResultOf<F>> {
  if (response.status !== 200) throw new UnexpectedAnswerError(response.status, 'not a result');
  return (await readAs(http, url, response, format, signal)) as ResultOf<F>;
}

function readAs(http: Http, url: string, response: Response, format: ResponseFormat, signal: AbortSignal | undefined) {
  if (format === 'json') return http.json(url, response, wireTranscriptSchema, signal);
  if (format === 'docx') return http.bytes(url, response, signal);
  if (format === 'verbose_json') return http.json(url, response, wireVerboseTranscriptSchema, signal);
  return http.text(url, response, signal);
}
