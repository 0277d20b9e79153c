import {
  ConnectionError,
  ERROR_CATALOG,
  type TranscribeOptions as RequestOptions,
  type ResponseFormat,
  SottoError,
  UnexpectedAnswerError,
} from '@sotto/client';
import { CommandError, EXIT } from '../exit-codes.ts';

/** Options that the service gets as they are; what the command line does not name is the service's to choose. */
const ASKED = [
  ...(['language', 'model', 'task', 'prompt', 'temperature', 'beamSize', 'bestOf', 'patience'] as const),
  ...(['lengthPenalty', 'suppressTokens', 'conditionOnPreviousText', 'hallucinationFilter', 'vad', 'cache'] as const),
  ...(['maxLineWidth', 'maxLineCount', 'minCueDuration', 'maxCueDuration', 'minCueGap'] as const),
  ...(['maxCharsPerSecond', 'highlightWords'] as const),
] satisfies (keyof RequestOptions)[];
type Asked = Pick<RequestOptions, (typeof ASKED)[number]>;

/** Which service, and by which key. */
export interface ServiceOptions {
  server?: string;
  apiKey?: string;
}

/** What `sotto transcribe` and `sotto watch` take alike. */
export interface RequestFlags extends Asked, ServiceOptions {
  format: ResponseFormat;
  words: boolean;
  output?: string;
}

export function requestOf(flags: RequestFlags): RequestOptions {
  const named = ASKED.map((name) => [name, flags[name]]).filter(([, value]) => value !== undefined);
  return { ...(Object.fromEntries(named) as Asked), ...(flags.words && { timestampGranularity: 'word' as const }) };
}

/** Errors that every further request would meet too. */
const HOPELESS = new Set<string>(['unauthorized', 'forbidden']);

/**
 * What the service says of one recording or job, in words.
 * @throws CommandError for a service that is gone or refuses everything; the error itself when it is a fault of ours
 */
export function reasonOf(error: unknown): string {
  if (error instanceof ConnectionError || error instanceof UnexpectedAnswerError) {
    throw new CommandError(error.message, EXIT.unreachable, { cause: error });
  }
  if (!(error instanceof SottoError)) throw error;
  const text = `${ERROR_CATALOG[error.code].message} ${error.detail}`;
  if (HOPELESS.has(error.code)) throw new CommandError(text, EXIT.unreachable, { cause: error });
  return text;
}
