import type { z } from 'zod';
import {
  type ResponseFormat,
  SottoError,
  type WireEvent,
  type WireSearch,
  type WireStatus,
  type WireWebhook,
  wireAcceptedSchema,
  wireHealthSchema,
  wireLanguageListSchema,
  wireModelListSchema,
  wireReadySchema,
  wireSearchSchema,
  wireWebhookSchema,
} from '#wire';
import { Admin } from './admin.ts';
import { jobListSchema, statusSchema } from './answers.ts';
import { Backoff, pause } from './backoff.ts';
import { Batches } from './batches.ts';
import type { ListOptions, ResultOptions, SearchOptions, SpeakerHints, UploadOptions } from './call-options.ts';
import { captionQuery } from './caption-shape.ts';
import { Dictionaries } from './dictionaries.ts';
import { ConnectionError, jobFailure } from './errors.ts';
import { type FollowOptions, followEvents, type JobEvent } from './event-stream.ts';
import { type Call, Http, type HttpOptions } from './http.ts';
import { Library } from './library.ts';
import { type LiveOptions, LiveTranscription } from './live.ts';
import { type FormField, multipart } from './multipart.ts';
import { OwnVoices } from './own-voices.ts';
import { Profile } from './profile.ts';
import { acceptedAs, jobOfUsed, referenceField } from './references.ts';
import { type ResultOf, readResult } from './results.ts';
import { SignIn } from './session.ts';
import { Speech } from './speech.ts';
import { type TranscribeOptions, transcribeFields } from './transcribe-fields.ts';
import { upload } from './upload.ts';
import { isReference, isStored, type RecordingSource } from './upload-source.ts';
import { Uploads } from './uploads.ts';
import { Voices } from './voices.ts';
import { wordingQuery } from './wording-shape.ts';

export type Accepted = z.infer<typeof wireAcceptedSchema>;
export type JobList = z.infer<typeof jobListSchema>;
export type ModelList = z.infer<typeof wireModelListSchema>;
export type LanguageList = z.infer<typeof wireLanguageListSchema>;
export type Health = z.infer<typeof wireHealthSchema>;
export type Ready = z.infer<typeof wireReadySchema>;

export interface Transcribed<F extends ResponseFormat> {
  /** null where a browser may not see the header that tells it (another origin). */
  jobId: string | null;
  result: ResultOf<F>;
}

export interface WaitOptions extends FollowOptions {
  onEvent?: (event: WireEvent) => void;
}

const CHECK_AGAIN_MS = 500;
const SUBMIT_GIVE_UP_AFTER_MS = 60_000;

/**
 * Sotto's HTTP API for browsers and Node. Every method rejects with a SottoError (the service refuses, with a code), a
 * ConnectionError (nothing answered), an UnexpectedAnswerError (something else answered), or the reason of its signal.
 */
export class SottoClient {
  readonly #http: Http;
  /** For operators. */
  readonly admin: Admin;
  /** Many recordings with one set of options. */
  readonly batches: Batches;
  /** Of the user who is signed in. */
  readonly profile: Profile;
  /** Of the browser, for pages of the service. */
  readonly session: SignIn;
  /** For large recordings and unreliable connections. */
  readonly uploads: Uploads;
  /** What is kept. */
  readonly library: Library;
  /** Texts that are spoken. */
  readonly speech: Speech;
  /** Of people who are to be recognized. */
  readonly voices: Voices;
  readonly ownVoices: OwnVoices;
  /** How words are said in texts that are spoken. */
  readonly dictionaries: Dictionaries;

  constructor(options: HttpOptions) {
    this.#http = new Http(options);
    this.admin = new Admin(this.#http);
    this.batches = new Batches(this.#http);
    this.profile = new Profile(this.#http);
    this.session = new SignIn(this.#http);
    this.uploads = new Uploads(this.#http);
    this.library = new Library(this.#http);
    this.speech = new Speech(this.#http);
    this.voices = new Voices(this.#http);
    this.ownVoices = new OwnVoices(this.#http);
    this.dictionaries = new Dictionaries(this.#http);
  }

  /** Sends a recording, or its address, and waits for the transcript, however long that takes. */
  async transcribe<F extends ResponseFormat = 'json'>(
    source: RecordingSource,
    options: TranscribeOptions<F> = {},
    call: UploadOptions & WaitOptions = {},
  ): Promise<Transcribed<F>> {
    const format = (options.responseFormat ?? 'json') as F;
    // Events need the job's id before there is a result.
    const { url, response } = await this.#post(source, options, call.onEvent !== undefined, call);
    if (response.status !== 202) {
      const result = await readResult(this.#http, url, response, format, call.signal);
      return { jobId: response.headers.get('x-job-id'), result };
    }
    const { job_id: jobId } = await this.#http.json(url, response, wireAcceptedSchema, call.signal);
    await this.wait(jobId, call);
    return { jobId, result: await this.result(jobId, format, call) };
  }

  /**
   * Sends a recording and resolves as soon as it is safely stored. A resumable upload becomes one job only, so with one of
   * those a request whose answer was lost is sent again.
   */
  async submit(source: RecordingSource, options: TranscribeOptions = {}, call: UploadOptions = {}): Promise<Accepted> {
    const backoff = new Backoff(isStored(source) ? SUBMIT_GIVE_UP_AFTER_MS : 0);
    for (let isAgain = false; ; isAgain = true) {
      try {
        const { url, response } = await this.#post(source, options, true, call);
        return await this.#http.json(url, response, wireAcceptedSchema, call.signal);
      } catch (error) {
        const jobId = isAgain ? jobOfUsed(error) : null;
        if (jobId !== null) return acceptedAs(jobId);
        if (!isStored(source) || !(error instanceof ConnectionError)) throw error;
        await backoff.wait(error, call.signal);
      }
    }
  }

  async status(jobId: string, call: Call = {}): Promise<WireStatus> {
    return this.#get(`/jobs/${encodeURIComponent(jobId)}`, {}, statusSchema, call);
  }

  /** All events of a job from its beginning (or after `afterId`) to its end, each once, also when the connection breaks. */
  events(jobId: string, options: FollowOptions = {}): AsyncGenerator<JobEvent, void> {
    return followEvents(this.#http, this.#http.url(`/jobs/${encodeURIComponent(jobId)}/events`), options);
  }

  /**
   * Text while somebody speaks: `send` audio, and iterate over what comes of it.
   *
   * @throws TypeError where there is no WebSocket; everything else is thrown by the iteration
   */
  live(options: LiveOptions = {}): LiveTranscription {
    return new LiveTranscription(this.#http, options);
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

  /** The transcript of a completed job, in any format; captions in any shape. */
  async result<F extends ResponseFormat = 'json'>(
    jobId: string,
    format: F = 'json' as F,
    call: ResultOptions = {},
  ): Promise<ResultOf<F>> {
    const query = {
      format,
      timestamp_granularity: call.timestampGranularity,
      ...captionQuery(call),
      ...wordingQuery(call),
      speaker_names: call.speakerNames && JSON.stringify(call.speakerNames),
    };
    const url = this.#http.url(`/jobs/${encodeURIComponent(jobId)}/result`, query);
    return readResult(this.#http, url, await this.#http.request(url, {}, call), format, call.signal);
  }

  /**
   * Tells the speakers of a completed job apart once more, with other hints, or for the first time. `speakers` of its status
   * says when that is done. Rejects with `audio_not_kept` unless the job was sent with `keepAudio`.
   */
  async tellSpeakers(jobId: string, { signal, ...known }: SpeakerHints & Call = {}) {
    const url = this.#http.url(`/jobs/${encodeURIComponent(jobId)}/speakers`);
    const hints = {
      num_speakers: known.numSpeakers,
      min_speakers: known.minSpeakers,
      max_speakers: known.maxSpeakers,
      known_speakers: known.knownSpeakers,
    };
    const call = signal ? { signal } : {};
    const request = {
      method: 'POST',
      headers: this.#http.headers({ 'Content-Type': 'application/json' }),
      body: JSON.stringify(hints),
    };
    return this.#http.json(url, await this.#http.request(url, request, call), wireAcceptedSchema, call.signal);
  }

  /** Where a word or a phrase is said in a completed job. Case, accents and punctuation are ignored. */
  async search(jobId: string, words: string, { signal, ...options }: SearchOptions = {}): Promise<WireSearch> {
    const path = `/jobs/${encodeURIComponent(jobId)}/search`;
    return this.#get(path, { q: words, ...options }, wireSearchSchema, signal ? { signal } : {});
  }

  /** Cancels a job that is running and gives its status; a job that has ended is deleted with its result (null). */
  async cancel(jobId: string, call: Call = {}): Promise<WireStatus | null> {
    const url = this.#http.url(`/jobs/${encodeURIComponent(jobId)}`);
    const response = await this.#http.request(url, { method: 'DELETE' }, call);
    return response.status === 204 ? null : this.#http.json(url, response, statusSchema, call.signal);
  }

  /** A page of jobs, newest first; `next_cursor` is null on the last one. */
  async list({ signal, ...query }: ListOptions = {}): Promise<JobList> {
    return this.#get('/jobs', query, jobListSchema, signal ? { signal } : {});
  }

  /** Whether the webhook of a job was delivered, with every attempt. */
  async webhook(jobId: string, call: Call = {}): Promise<WireWebhook> {
    return this.#get(`/jobs/${encodeURIComponent(jobId)}/webhooks`, {}, wireWebhookSchema, call);
  }

  /** Delivers the webhook of a job that has ended once more. */
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

  /** Resolves also when the service is unhealthy: that is an answer. */
  async health(call: Call = {}): Promise<Health> {
    return this.#get('/health', {}, wireHealthSchema, call, [503]);
  }

  /** Resolves also when the service is not ready: that is an answer. */
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
    const fields: FormField[] = [...transcribeFields(options), ...(isAsync ? [['async', 'true'] as const] : [])];
    const { onUploadProgress: onProgress, signal } = call;
    const sending = isReference(source)
      ? { body: multipart([...fields, referenceField(source)], []) }
      : { body: multipart(fields, [source]), onProgress };
    return { url, response: await upload(this.#http, url, { method: 'POST', signal, ...sending }) };
  }
}
