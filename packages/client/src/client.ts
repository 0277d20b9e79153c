import {
  type Granularity,
  type ResponseFormat,
  SottoError,
  type Status,
  type WireEvent,
  type WireSearch,
  type WireStatus,
  type WireTranscript,
  type WireVerboseTranscript,
  type WireWebhook,
  wireAcceptedSchema,
  wireHealthSchema,
  wireJobListSchema,
  wireLanguageListSchema,
  wireModelListSchema,
  wireReadySchema,
  wireSearchSchema,
  wireStatusSchema,
  wireTranscriptSchema,
  wireVerboseTranscriptSchema,
  wireWebhookSchema,
} from '@sotto/contracts';
import type { z } from 'zod';
import { type CaptionShape, captionQuery } from './caption-shape.ts';
import { jobFailure, UnexpectedAnswerError } from './errors.ts';
import { type FollowOptions, followEvents, type JobEvent, pause } from './event-stream.ts';
import { type Call, Http, type HttpOptions } from './http.ts';
import { multipart } from './multipart.ts';
import { type TranscribeOptions, transcribeFields } from './transcribe-fields.ts';
import { upload } from './upload.ts';
import type { UploadProgress } from './upload-call.ts';
import type { RecordingSource } from './upload-source.ts';

export type Accepted = z.infer<typeof wireAcceptedSchema>;
export type JobList = z.infer<typeof wireJobListSchema>;
export type ModelList = z.infer<typeof wireModelListSchema>;
export type LanguageList = z.infer<typeof wireLanguageListSchema>;
export type Health = z.infer<typeof wireHealthSchema>;
export type Ready = z.infer<typeof wireReadySchema>;

/** What a format is in code: objects for the two JSON formats, bytes for docx, text for all others. */
export type ResultOf<F extends ResponseFormat> = F extends 'json'
  ? WireTranscript
  : F extends 'verbose_json'
    ? WireVerboseTranscript
    : F extends 'docx'
      ? Uint8Array<ArrayBuffer>
      : string;

export interface Transcribed<F extends ResponseFormat> {
  /** null when a browser may not see the header that tells it. */
  jobId: string | null;
  result: ResultOf<F>;
}

export interface UploadOptions extends Call {
  onUploadProgress?: (progress: UploadProgress) => void;
}

export interface WaitOptions extends FollowOptions {
  onEvent?: (event: WireEvent) => void;
}

export interface ResultOptions extends Call, CaptionShape {
  timestampGranularity?: Granularity;
}

export interface SearchOptions extends Call {
  /** Matches that are given; all are counted. */
  limit?: number;
  /** Words before and after a match. */
  context?: number;
}

export interface ListOptions extends Call {
  status?: Status;
  cursor?: string;
  limit?: number;
}

const CHECK_AGAIN_MS = 500;

/**
 * Sotto's HTTP API for browsers and Node. Every method rejects with a SottoError (the service says no, by code), a
 * ConnectionError (nobody answered), an UnexpectedAnswerError (somebody else answered), or the reason of its signal.
 */
export class SottoClient {
  readonly #http: Http;

  constructor(options: HttpOptions) {
    this.#http = new Http(options);
  }

  /** Sends a recording, or the address of one, and waits for its transcript, however long that takes. */
  async transcribe<F extends ResponseFormat = 'json'>(
    source: RecordingSource,
    options: TranscribeOptions<F> = {},
    call: UploadOptions & WaitOptions = {},
  ): Promise<Transcribed<F>> {
    const format = (options.responseFormat ?? 'json') as F;
    // Whoever wants to watch needs the job's id before its result.
    const { url, response } = await this.#post(source, options, call.onEvent !== undefined, call);
    if (response.status !== 202) {
      const result = await this.#read(url, response, format, call.signal);
      return { jobId: response.headers.get('x-job-id'), result };
    }
    const { job_id: jobId } = await this.#http.json(url, response, wireAcceptedSchema, call.signal);
    await this.wait(jobId, call);
    return { jobId, result: await this.result(jobId, format, call) };
  }

  /** Sends a recording and comes back as soon as it is safely stored. */
  async submit(source: RecordingSource, options: TranscribeOptions = {}, call: UploadOptions = {}): Promise<Accepted> {
    const { url, response } = await this.#post(source, options, true, call);
    return this.#http.json(url, response, wireAcceptedSchema, call.signal);
  }

  async status(jobId: string, call: Call = {}): Promise<WireStatus> {
    return this.#get(`/jobs/${encodeURIComponent(jobId)}`, {}, wireStatusSchema, call);
  }

  /** All events of a job from its beginning (or after `afterId`) to its end, each once, over broken lines too. */
  events(jobId: string, options: FollowOptions = {}): AsyncGenerator<JobEvent, void> {
    return followEvents(this.#http, this.#http.url(`/jobs/${encodeURIComponent(jobId)}/events`), options);
  }

  /** Resolves with the completed job's status; rejects with the job's own error, or `job_cancelled`. */
  async wait(jobId: string, options: WaitOptions = {}): Promise<WireStatus> {
    let { afterId } = options;
    for (;;) {
      for await (const { id, event } of this.events(jobId, { ...options, ...(afterId !== undefined && { afterId }) })) {
        afterId = id;
        options.onEvent?.(event);
      }
      const status = await this.status(jobId, options);
      if (status.status === 'completed') return status;
      if (status.status === 'failed') throw jobFailure(status.error, status.detail);
      if (status.status === 'cancelled') throw new SottoError('job_cancelled', 'The job was cancelled.');
      await pause(CHECK_AGAIN_MS, options.signal);
    }
  }

  /** The transcript of a completed job in any format and, for captions, any shape. */
  async result<F extends ResponseFormat = 'json'>(
    jobId: string,
    format: F = 'json' as F,
    call: ResultOptions = {},
  ): Promise<ResultOf<F>> {
    const query = { format, timestamp_granularity: call.timestampGranularity, ...captionQuery(call) };
    const url = this.#http.url(`/jobs/${encodeURIComponent(jobId)}/result`, query);
    return this.#read(url, await this.#http.request(url, {}, call), format, call.signal);
  }

  /** Where a word, or several in a row, are said in a completed job. Case, accents and punctuation do not count. */
  async search(jobId: string, words: string, { signal, ...options }: SearchOptions = {}): Promise<WireSearch> {
    const path = `/jobs/${encodeURIComponent(jobId)}/search`;
    return this.#get(path, { q: words, ...options }, wireSearchSchema, signal ? { signal } : {});
  }

  /** Cancels a job under way (its status then) or deletes a finished one (null). */
  async cancel(jobId: string, call: Call = {}): Promise<WireStatus | null> {
    const url = this.#http.url(`/jobs/${encodeURIComponent(jobId)}`);
    const response = await this.#http.request(url, { method: 'DELETE' }, call);
    return response.status === 204 ? null : this.#http.json(url, response, wireStatusSchema, call.signal);
  }

  /** A page of jobs, newest first; `next_cursor` is null on the last one. */
  async list({ signal, ...query }: ListOptions = {}): Promise<JobList> {
    return this.#get('/jobs', query, wireJobListSchema, signal ? { signal } : {});
  }

  /** Whether the webhook of a job was delivered, with every call of it. */
  async webhook(jobId: string, call: Call = {}): Promise<WireWebhook> {
    return this.#get(`/jobs/${encodeURIComponent(jobId)}/webhooks`, {}, wireWebhookSchema, call);
  }

  /** Delivers the webhook of an ended job once more. */
  async replayWebhook(jobId: string, call: Call = {}): Promise<WireWebhook> {
    const url = this.#http.url(`/jobs/${encodeURIComponent(jobId)}/webhooks/replay`);
    const response = await this.#http.request(url, { method: 'POST' }, call);
    return this.#http.json(url, response, wireWebhookSchema, call.signal);
  }

  async models(call: Call = {}): Promise<ModelList> {
    return this.#get('/models', {}, wireModelListSchema, call);
  }

  async languages(call: Call = {}): Promise<LanguageList> {
    return this.#get('/languages', {}, wireLanguageListSchema, call);
  }

  /** Also when the service is unhealthy: that is an answer. */
  async health(call: Call = {}): Promise<Health> {
    return this.#get('/health', {}, wireHealthSchema, call, [503]);
  }

  /** Also when the service is not ready: that is an answer. */
  async ready(call: Call = {}): Promise<Ready> {
    return this.#get('/health/ready', {}, wireReadySchema, call, [503]);
  }

  async #get<S extends z.ZodType>(
    path: string,
    query: Readonly<Record<string, string | number | undefined>>,
    schema: S,
    call: Call,
    accepted: readonly number[] = [],
  ): Promise<z.output<S>> {
    const url = this.#http.url(path, query);
    const response = await this.#http.request(url, {}, call, accepted);
    return this.#http.json(url, response, schema, call.signal);
  }

  async #post(source: RecordingSource, options: TranscribeOptions, isAsync: boolean, call: UploadOptions) {
    const url = this.#http.url('/transcribe');
    const fields = transcribeFields(options, isAsync);
    const { onUploadProgress: onProgress, signal } = call;
    if (source instanceof URL) {
      const form = new FormData();
      for (const [name, value] of Object.entries({ ...fields, url: source.href })) form.append(name, value);
      return { url, response: await this.#http.request(url, { method: 'POST', body: form }, call) };
    }
    const body = multipart(fields, source);
    const { fetch } = this.#http;
    const exchange = () => upload({ url, headers: this.#http.headers(), body, onProgress, signal, fetch });
    return { url, response: await this.#http.settle(url, exchange, signal) };
  }

  async #read<F extends ResponseFormat>(
    url: string,
    response: Response,
    format: F,
    signal: AbortSignal | undefined,
  ): Promise<ResultOf<F>> {
    if (response.status !== 200) throw new UnexpectedAnswerError(response.status, 'not a result');
    return (await this.#readAs(url, response, format, signal)) as ResultOf<F>;
  }

  #readAs(url: string, response: Response, format: ResponseFormat, signal: AbortSignal | undefined) {
    if (format === 'json') return this.#http.json(url, response, wireTranscriptSchema, signal);
    if (format === 'docx') return this.#http.bytes(url, response, signal);
    if (format === 'verbose_json') return this.#http.json(url, response, wireVerboseTranscriptSchema, signal);
    return this.#http.text(url, response, signal);
  }
}
