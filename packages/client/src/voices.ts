import { type WireVoice, type WireVoiceList, wireVoiceListSchema, wireVoiceSchema } from '#wire';
import type { UploadOptions } from './call-options.ts';
import type { Call, Http } from './http.ts';
import { multipart } from './multipart.ts';
import { upload } from './upload.ts';
import type { UploadSource } from './upload-source.ts';

/** Whose voice it is, and how and when that person agreed to be recognized. */
export interface VoiceOwner {
  name: string;
  consent: string;
}

/** Voices of people who agreed to be recognized (ENABLE_KNOWN_VOICES). Methods reject as those of SottoClient do. */
export class Voices {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** Stores how somebody sounds. @param sample only this person speaks in it, for at least 5 s; it is not stored */
  async create(sample: UploadSource, { name, consent }: VoiceOwner, call: UploadOptions = {}): Promise<WireVoice> {
    const url = this.#http.url('/voices/speakers');
    const fields = Object.entries({ name, consent });
    const { onUploadProgress: onProgress, signal } = call;
    const body = multipart(fields, [sample]);
    const response = await upload(this.#http, url, { method: 'POST', body, onProgress, signal });
    return this.#http.json(url, response, wireVoiceSchema, signal);
  }

  /** By name. */
  async list(call: Call = {}): Promise<WireVoiceList> {
    const url = this.#http.url('/voices/speakers');
    return this.#http.json(url, await this.#http.request(url, {}, call), wireVoiceListSchema, call.signal);
  }

  /** The voice is recognized no more from then on. */
  async delete(id: string, call: Call = {}): Promise<void> {
    const url = this.#http.url(`/voices/speakers/${encodeURIComponent(id)}`);
    await this.#http.request(url, { method: 'DELETE' }, call);
  }
}
