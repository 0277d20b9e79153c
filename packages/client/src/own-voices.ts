import * as z from 'zod';
import { type WireOwnVoice, wireOwnVoiceSchema } from '#wire';
import type { UploadOptions } from './call-options.ts';
import type { Call, Http } from './http.ts';
import { multipart } from './multipart.ts';
import { upload } from './upload.ts';
import type { UploadSource } from './upload-source.ts';

/** Who agrees to a voice being made of theirs, and in which language they say so. */
export interface ConsentGiver {
  name: string;
  /** BCP 47. */
  language: string;
}

const madeVoiceSchema = z.object({ id: z.string(), created_at: z.int(), name: z.string() });
/** A voice that cannot speak yet. */
export type MadeVoice = z.infer<typeof madeVoiceSchema>;
const consentSchema = madeVoiceSchema.extend({ language: z.string() });
export type VoiceConsent = z.infer<typeof consentSchema>;
const consentsSchema = z.object({ data: z.array(consentSchema) });

const CONSENTS = '/v1/audio/voice_consents';

/** Voices that are made of samples, which is experimental, and consents to that. Methods reject as those of SottoClient do. */
export class OwnVoices {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** @param recording in which the person says that they agree; at most 10 MiB */
  async consent(recording: UploadSource, giver: ConsentGiver, call: UploadOptions = {}): Promise<VoiceConsent> {
    return this.#send(CONSENTS, { ...giver }, { recording }, consentSchema, call);
  }

  /** Newest first. */
  async consents(call: Call = {}): Promise<VoiceConsent[]> {
    const url = this.#http.url(CONSENTS);
    const response = await this.#http.request(url, {}, call);
    return (await this.#http.json(url, response, consentsSchema, call.signal)).data;
  }

  /** With all voices that it was given for. */
  async deleteConsent(id: string, call: Call = {}): Promise<void> {
    const url = this.#http.url(`${CONSENTS}/${encodeURIComponent(id)}`);
    await this.#http.request(url, { method: 'DELETE' }, call);
  }

  /** Begins to make a voice, which takes minutes: `find` says how far it is. @param sample 5 to 30 s of the same person */
  async create(
    sample: UploadSource,
    voice: { name: string; consent: string },
    call: UploadOptions = {},
  ): Promise<MadeVoice> {
    return this.#send('/v1/audio/voices', { ...voice }, { audio_sample: sample }, madeVoiceSchema, call);
  }

  async find(id: string, call: Call = {}): Promise<WireOwnVoice> {
    const url = this.#one(id);
    return this.#http.json(url, await this.#http.request(url, {}, call), wireOwnVoiceSchema, call.signal);
  }

  async rename(id: string, name: string, call: Call = {}): Promise<WireOwnVoice> {
    const url = this.#one(id);
    const headers = this.#http.headers({ 'content-type': 'application/json' });
    const response = await this.#http.request(url, { method: 'PATCH', headers, body: JSON.stringify({ name }) }, call);
    return this.#http.json(url, response, wireOwnVoiceSchema, call.signal);
  }

  /** Nothing is spoken with it from then on. */
  async delete(id: string, call: Call = {}): Promise<void> {
    await this.#http.request(this.#one(id), { method: 'DELETE' }, call);
  }

  #one(id: string): string {
    return this.#http.url(`/voices/${encodeURIComponent(id)}`);
  }

  async #send<S extends z.ZodType>(
    path: string,
    fields: Record<string, string>,
    file: Record<string, UploadSource>,
    schema: S,
    { onUploadProgress: onProgress, signal }: UploadOptions,
  ): Promise<z.output<S>> {
    const [named] = Object.entries(file);
    if (named === undefined) throw new TypeError('there is no file to send');
    const [field, source] = named;
    const url = this.#http.url(path);
    const body = multipart(Object.entries(fields), [source], field);
    const response = await upload(this.#http, url, { method: 'POST', body, onProgress, signal });
    return this.#http.json(url, response, schema, signal);
  }
}
