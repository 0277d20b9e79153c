import type { z } from 'zod';
import {
  type ItemDubRequest,
  type SpeakRequest,
  type SpeechFormat,
  type WireSpeech,
  type WireSpokenVoiceList,
  type WireVoiceUsage,
  wireAcceptedSchema,
  wireSpeechSchema,
  wireSpokenVoiceListSchema,
  wireVoiceUsageSchema,
} from '#wire';
import type { UploadOptions } from './call-options.ts';
import type { PronunciationEntry } from './dictionaries.ts';
import { UnexpectedAnswerError } from './errors.ts';
import type { Call, Http } from './http.ts';
import { type FormField, multipart } from './multipart.ts';
import { upload } from './upload.ts';
import type { UploadSource } from './upload-source.ts';

/** How a text is spoken. What is left out the service decides. */
export interface SpeakOptions {
  /** Id of a voice, one of OpenAI's names, or `auto`. */
  voice?: string | undefined;
  /** BCP 47. Default: that of the voice. */
  language?: string | undefined;
  /** 1 is the usual speed of the voice. */
  speed?: number | undefined;
  textFormat?: NonNullable<SpeakRequest['text_format']> | undefined;
  /** true: each word has its time too, in the result, in captions and in events. */
  wordTimes?: boolean | undefined;
  /** Name of a dictionary: how words are said. */
  dictionary?: string | undefined;
  /** How words are said, before what the dictionary has for them. */
  pronunciations?: PronunciationEntry[] | undefined;
  /** Default: mp3. */
  responseFormat?: SpeechFormat | undefined;
  /** For display. */
  name?: string | undefined;
  /** false: speak again, even if the same was spoken before. */
  cache?: boolean | undefined;
  webhookUrl?: string | undefined;
}

/** How a transcript is spoken into its times. */
export interface DubOptions
  extends Pick<SpeakOptions, 'voice' | 'language' | 'dictionary' | 'pronunciations' | 'responseFormat' | 'cache'> {
  /** Voices of speakers, by their id (`SPEAKER_00`) or name. Default: each has one of their own. */
  voices?: Record<string, string> | undefined;
}

/** How an item of the library is spoken into its times. */
export interface DubItemOptions extends DubOptions {
  /** true: into its video, too, which is to be had as `resultUrl(jobId, 'video')`. */
  video?: boolean | undefined;
}

/** Sound as it comes in. */
export interface Sound {
  /** null where a browser may not see the header that tells it (another origin). */
  jobId: string | null;
  contentType: string | null;
  /** Whoever stops reading stops the work. */
  body: ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** A text, or a document: a File, a Blob, or a stream; see `fileSource` in `@sotto/client/node`. */
export type SpeechInput = string | UploadSource;

/** Texts that are spoken. Methods reject as those of SottoClient do. */
export class Speech {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** The sound of a text or a document, from when its first clause is spoken. */
  async speak(text: SpeechInput, options: SpeakOptions = {}, call: UploadOptions = {}): Promise<Sound> {
    return soundOf(await this.#post(text, options, false, call));
  }

  /** Resolves as soon as the text is safely stored; SottoClient.wait waits for the job. */
  async submit(
    text: SpeechInput,
    options: SpeakOptions = {},
    call: UploadOptions = {},
  ): Promise<z.infer<typeof wireAcceptedSchema>> {
    const response = await this.#post(text, options, true, call);
    return this.#http.json(response.url, response, wireAcceptedSchema, call.signal);
  }

  /** Has the transcript of a job spoken into its times; SottoClient.wait waits for the new job, `sound` gives it. */
  dub(jobId: string, options: DubOptions = {}, call: Call = {}): Promise<z.infer<typeof wireAcceptedSchema>> {
    return this.#dub(`/jobs/${encodeURIComponent(jobId)}/dub`, options, call);
  }

  /** The same of an item of the library that is one's own, as it has been edited. */
  dubItem(itemId: string, options: DubItemOptions = {}, call: Call = {}): Promise<z.infer<typeof wireAcceptedSchema>> {
    return this.#dub(`/library/${encodeURIComponent(itemId)}/dub`, options, call);
  }

  /** What a job has spoken, in any format. */
  async sound(jobId: string, format: SpeechFormat, call: Call = {}): Promise<Sound> {
    return soundOf(await this.#http.request(this.resultUrl(jobId, format), {}, call));
  }

  /** What a job has spoken, and when which piece of it. */
  async result(jobId: string, call: Call = {}): Promise<WireSpeech> {
    const url = this.resultUrl(jobId, 'json');
    return this.#http.json(url, await this.#http.request(url, {}, call), wireSpeechSchema, call.signal);
  }

  /** Best first. */
  async voices(call: Call = {}): Promise<WireSpokenVoiceList> {
    const url = this.#http.url('/voices');
    return this.#http.json(url, await this.#http.request(url, {}, call), wireSpokenVoiceListSchema, call.signal);
  }

  /** What voices have spoken for this key, by day (UTC). `from` and `to`: as `2026-11-21`; default: the last 30 days. */
  async usage(days: { from?: string; to?: string } = {}, call: Call = {}): Promise<WireVoiceUsage> {
    const url = this.#http.url('/usage/voices', days);
    return this.#http.json(url, await this.#http.request(url, {}, call), wireVoiceUsageSchema, call.signal);
  }

  /** A short sentence in a voice, which nobody is charged for; in its own language, or another of its languages. */
  async sample(voice: string, language?: string, call: Call = {}): Promise<Sound> {
    const url = this.#http.url(
      `/voices/${encodeURIComponent(voice)}/sample`,
      language === undefined ? {} : { language },
    );
    return soundOf(await this.#http.request(url, {}, call));
  }

  async #dub(path: string, options: DubItemOptions, call: Call): Promise<z.infer<typeof wireAcceptedSchema>> {
    const { responseFormat: response_format, ...asked } = options;
    const body: ItemDubRequest = { ...asked, response_format };
    const headers = this.#http.headers({ 'content-type': 'application/json' });
    const url = this.#http.url(path);
    const response = await this.#http.request(url, { method: 'POST', headers, body: JSON.stringify(body) }, call);
    return this.#http.json(response.url, response, wireAcceptedSchema, call.signal);
  }

  #post(text: SpeechInput, options: SpeakOptions, async: boolean, call: UploadOptions): Promise<Response> {
    const url = this.#http.url('/speak');
    const fields: Omit<SpeakRequest, 'text'> = {
      async,
      voice: options.voice,
      language: options.language,
      speed: options.speed,
      text_format: options.textFormat,
      dictionary: options.dictionary,
      pronunciations: options.pronunciations,
      timestamp_granularity: options.wordTimes === true ? 'word' : undefined,
      response_format: options.responseFormat,
      file_name: options.name,
      cache: options.cache,
      webhook_url: options.webhookUrl,
    };
    if (typeof text !== 'string') {
      const body = multipart(textFields(fields), [text]);
      return upload(this.#http, url, { method: 'POST', body, onProgress: call.onUploadProgress, signal: call.signal });
    }
    const headers = this.#http.headers({ 'content-type': 'application/json' });
    const body = JSON.stringify({ ...fields, text } satisfies SpeakRequest);
    return this.#http.request(url, { method: 'POST', headers, body }, call);
  }

  /** Address of what a job has spoken, for a link or a player; `json`, and formats of captions, too. */
  resultUrl(jobId: string, format: string): string {
    return this.#http.url(`/jobs/${encodeURIComponent(jobId)}/result`, { format });
  }
}

const textFields = (fields: object): FormField[] =>
  Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, fieldText(value)] as const]));

const fieldText = (value: unknown): string => (Array.isArray(value) ? JSON.stringify(value) : String(value));

/** @throws UnexpectedAnswerError where there is none yet: the job goes on without this client */
function soundOf(response: Response): Sound {
  if (response.status !== 200 || response.body === null) {
    throw new UnexpectedAnswerError(response.status, 'not spoken yet: use submit() for long texts');
  }
  const { body, headers } = response;
  return { jobId: headers.get('x-job-id'), contentType: headers.get('content-type'), body };
}
