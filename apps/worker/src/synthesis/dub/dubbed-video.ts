import { type DubVideo, type ErrorCode, SottoError, VIDEO_NOT_MADE, type Warning } from '@sotto/contracts';
import type { SpeechPlan } from '@sotto/queue';
import type { BlobStore } from '@sotto/storage';
import type { DecodeLimits } from '../../media/decode-limits.ts';
import type { MediaTools } from '../../media/ffmpeg-binary.ts';
import { type MuxDeps, muxed } from '../../media/mux.ts';
import { type Muxing, videoTargets } from '../../media/mux-arguments.ts';
import { iso639of } from './iso-639.ts';

export interface DubbedVideoDeps {
  blobs: BlobStore;
  mediaTools: MediaTools;
  decodeLimits: DecodeLimits;
}

/** What the new sound, the fragments and their index take, as a multiple of the recording, and besides. */
const SIZE_RATIO = 2;
const SPARE_BYTES = 64 * 1024 * 1024;

/** What is wrong with a recording, and will be whenever it is tried again. */
const HOPELESS: readonly ErrorCode[] = ['invalid_parameter', 'undecodable_media', 'decode_timeout', 'audio_not_kept'];

/**
 * A recording of the library with its dub as the first sound track. asked -> made, or impossible: then the sound is there all the
 * same, with a warning.
 */
export class DubbedVideo {
  readonly #video: DubVideo;
  readonly #plan: Pick<SpeechPlan, 'language' | 'sampleRateHz'>;
  readonly #deps: DubbedVideoDeps;
  readonly #work: Pick<MuxDeps, 'inBackground' | 'signal'>;
  #mediaType: string | null = null;
  #failure: SottoError | null = null;

  constructor(
    video: DubVideo,
    plan: Pick<SpeechPlan, 'language' | 'sampleRateHz'>,
    deps: DubbedVideoDeps,
    work: Pick<MuxDeps, 'inBackground' | 'signal'>,
  ) {
    this.#video = video;
    this.#plan = plan;
    this.#deps = deps;
    this.#work = work;
  }

  /** null: there is none, or not yet. */
  get mediaType(): string | null {
    return this.#mediaType;
  }

  get warnings(): Warning[] {
    return this.#failure === null ? [] : [{ code: VIDEO_NOT_MADE, detail: this.#failure.detail }];
  }

  /**
   * In the first container that can hold it.
   *
   * @param sound s16le mono, from its beginning each time
   * @throws what storage, `sound` and `muxed` throw that has nothing to do with the recording
   */
  async *made(sound: () => AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* this.#muxed(sound);
    } catch (error) {
      if (!(error instanceof SottoError && HOPELESS.includes(error.code))) throw error;
      this.#failure = error;
    }
  }

  async *#muxed(sound: () => AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const { container, bytes, language: heard } = this.#video;
    const { sampleRateHz, language } = this.#plan;
    const { mediaTools: tools, decodeLimits: limits } = this.#deps;
    const file = await this.#file();
    try {
      const languages = { spoken: iso639of(language), heard: iso639of(heard) };
      const muxing: Muxing = { path: file.path, container, sampleRateHz, languages };
      const maxBytes = SIZE_RATIO * bytes + SPARE_BYTES;
      for (const target of videoTargets(container)) {
        const { made } = yield* muxed(muxing, target, sound, { tools, limits, maxBytes, ...this.#work });
        if (!made) continue;
        this.#mediaType = target.mediaType;
        return;
      }
    } finally {
      await file.release();
    }
    throw new SottoError('undecodable_media', 'No video can be made of it.');
  }

  async #file(): ReturnType<BlobStore['localFile']> {
    try {
      return await this.#deps.blobs.localFile(this.#video.blobKey);
    } catch (error) {
      if (!(error instanceof SottoError && error.code === 'blob_missing')) throw error;
      throw new SottoError('audio_not_kept', 'The recording was deleted before its dub was made.');
    }
  }
}
