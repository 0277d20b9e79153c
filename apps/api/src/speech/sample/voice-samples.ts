import { createHash } from 'node:crypto';
import { SottoError, type SpeakForm, speakFormSchema, speechDeliveryOf, speechOptionsOf } from '@sotto/contracts';
import { blobKey, keptPieceName } from '@sotto/storage';
import type { Response } from 'express';
import { ANONYMOUS, type Principal } from '../../http/principal.ts';
import { forgetJob, type LeaveDeps, leaveRun } from '../../jobs/leave.ts';
import type { StoredFile } from '../../results/send-blob.ts';
import { spokenWavHeader } from '../../sound/formats.ts';
import { type SoundDeps, soundOfRun } from '../sound-of-run.ts';
import { type SubmitTextDeps, submitText } from '../submit-text.ts';
import type { ExpectedVoice } from '../voice-directory.ts';
import { sampleSentence } from './sentences.ts';

export type VoiceSamplesDeps = SubmitTextDeps & SoundDeps & LeaveDeps;

/** Whose samples are: of no key, so nobody is charged, and nobody sees their jobs. */
const SAMPLES_KEY = 'voice-samples';
const SENDER: Principal = { ...ANONYMOUS, keyId: SAMPLES_KEY };
/** A voice says a sentence in a second or two; the rest is waiting for its turn. */
const TIMEOUT_MS = 60_000;

/** Short sentences in the voices that there are, each made once and then kept like any sentence. */
export class VoiceSamples {
  readonly #deps: VoiceSamplesDeps;
  /** By the key of their blob. */
  readonly #making = new Map<string, Promise<void>>();

  constructor(deps: VoiceSamplesDeps) {
    this.#deps = deps;
  }

  /**
   * A WAV file in storage.
   *
   * @throws SottoError as `submitText` does, what the sentence failed with, storage's own
   */
  async of(voice: ExpectedVoice, response: Response): Promise<StoredFile> {
    const text = sampleSentence(voice.language);
    const all = JSON.stringify([voice.digest, voice.voice, voice.language, text]);
    const hash = createHash('sha256').update(all).digest('hex');
    const name = keptPieceName(SAMPLES_KEY, hash);
    const key = blobKey('pieces', name);
    const { storage } = this.#deps;
    if ((await storage.stat(key)) === null) await this.#made(key, () => this.#make(name, text, voice, response));
    const stored = await storage.stat(key);
    if (stored === null) throw new SottoError('storage_unavailable', 'The sample was removed while it was stored.');
    return { key, bytes: stored.bytes, mediaType: 'audio/wav', etag: `"${hash.slice(0, 32)}"` };
  }

  /** Those who want it meanwhile wait for the same. */
  #made(key: string, make: () => Promise<void>): Promise<void> {
    const making = this.#making.get(key) ?? make().finally(() => this.#making.delete(key));
    this.#making.set(key, making);
    return making;
  }

  async #make(name: string, text: string, { voice, language }: ExpectedVoice, response: Response): Promise<void> {
    const form: SpeakForm = speakFormSchema.parse({ text, voice, language, response_format: 'wav', cache: false });
    const asked = {
      source: { text },
      options: speechOptionsOf(form),
      delivery: speechDeliveryOf(form),
      fileName: 'sample.txt',
      maxCharacters: text.length,
      textField: 'text',
      sender: SENDER,
    };
    const submitted = await submitText(asked, response, this.#deps);
    const jobId = submitted.request.id;
    try {
      await this.#store(name, submitted);
    } catch (error) {
      await leaveRun(jobId, this.#deps);
      throw error;
    } finally {
      await forgetJob(jobId, this.#deps);
    }
  }

  async #store(name: string, submitted: Awaited<ReturnType<typeof submitText>>): Promise<void> {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const chunks: Uint8Array[] = [];
    let rateHz = 0;
    for await (const { bytes, sampleRateHz } of soundOfRun(submitted, this.#deps, signal)) {
      chunks.push(bytes);
      rateHz = sampleRateHz;
    }
    if (signal.aborted || rateHz === 0) throw new SottoError('speech_failed', 'The sample could not be made in time.');
    const sound = Buffer.concat(chunks);
    const writer = await this.#deps.storage.createWriter('pieces', name);
    try {
      await writer.write(Buffer.concat([spokenWavHeader(rateHz, sound.length), sound]));
      await writer.commit();
    } catch (error) {
      await writer.abort();
      throw error;
    }
  }
}
