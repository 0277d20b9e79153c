import * as z from 'zod';
import { ERROR_CATALOG, errorBodySchema, errorCodeSchema, SottoError } from '#wire';

/** Nothing answered: the address is wrong, the service is down, or the connection broke. What a service refuses is a SottoError. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly url: string;

  constructor(url: string, cause: unknown) {
    super(`${new URL(url).origin} cannot be reached${reasonOf(cause)}`, { cause });
    this.url = url;
  }
}

/** Something answered that is not this API: a proxy, another service, or a much newer Sotto. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
  readonly status: number;

  constructor(status: number, what: string, cause?: unknown) {
    super(`unexpected answer (HTTP ${status}): ${what}`, cause === undefined ? undefined : { cause });
    this.status = status;
  }
}

/** fetch only says "fetch failed"; the reason is in its cause. */
function reasonOf(error: unknown): string {
  const inner = typeof error === 'object' && error !== null && 'cause' in error ? error.cause : error;
  const code = typeof inner === 'object' && inner !== null && 'code' in inner ? inner.code : null;
  if (typeof code === 'string') return ` (${code})`;
  return inner instanceof Error ? ` (${inner.message})` : '';
}

/** Of calls that are OpenAI's, too. */
const openAiBodySchema = z.object({ error: z.object({ message: z.string(), code: errorCodeSchema }) });

/** The error that an answer with a 4xx or 5xx status stands for. `fields` keeps `request_id` and what the error adds. */
export function errorOfAnswer(status: number, headers: Pick<Headers, 'get'>, text: string): Error {
  const json = parseJson(text);
  const retryAfterSeconds = Number(headers.get('retry-after') ?? Number.NaN);
  const retryAfter = Number.isFinite(retryAfterSeconds) ? { retryAfterSeconds } : {};
  const body = errorBodySchema.safeParse(json);
  if (body.success) {
    const { error, message: _message, detail, timestamp: _timestamp, ...fields } = body.data;
    return new SottoError(error, detail, { fields, ...retryAfter });
  }
  const { data: openAi } = openAiBodySchema.safeParse(json);
  if (openAi === undefined) return new UnexpectedAnswerError(status, text.slice(0, 200).trim() || 'no body');
  const { code, message } = openAi.error;
  // Their message is that of the catalogue, then the detail.
  const general = `${ERROR_CATALOG[code].message} `;
  return new SottoError(code, message.startsWith(general) ? message.slice(general.length) : message, retryAfter);
}

/** The value of a JSON text, undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a failed or cancelled job's status says, as the error its caller gets. */
export function jobFailure(code: unknown, detail: string | undefined): SottoError {
  const known = errorCodeSchema.safeParse(code);
  return new SottoError(known.success ? known.data : 'internal_error', detail ?? 'The job failed.');
}
