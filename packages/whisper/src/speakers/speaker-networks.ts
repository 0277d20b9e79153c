import { readFileSync } from 'node:fs';
import { SottoError } from '@sotto/contracts';
import { loadAddon, type NativeSpeakerNetworks } from '../engine/native.ts';
import { readSpeakerWeights } from './speaker-weights.ts';

/**
 * pyannote's speaker-diarization-community-1 in native code of our own: its segmentation network and
 * WeSpeaker's ResNet34 embedding. Every call works on a thread of libuv's pool, and its arrays must not change
 * meanwhile; calls side by side use as many cores.
 */
export class SpeakerNetworks {
  readonly #native: NativeSpeakerNetworks;

  private constructor(native: NativeSpeakerNetworks) {
    this.#native = native;
  }

  /**
   * Reads the model, on the event loop: some 9 MB, once in the life of a process.
   * @param path the file that the catalog installs
   * @param kernels `portable`: for any processor; `auto`: the fastest that this one has
   * @throws SottoError `model_load_failed`: no such file, not that model, the engine is not built
   */
  static load(path: string, kernels: 'auto' | 'portable' = 'auto'): SpeakerNetworks {
    const { SpeakerNetworks: Native } = loadAddon();
    try {
      return new SpeakerNetworks(new Native(readSpeakerWeights(readFileSync(path)), kernels === 'portable'));
    } catch (cause) {
      const problem = cause instanceof Error ? cause.message : String(cause);
      throw new SottoError('model_load_failed', `${path} cannot be read as a speaker model: ${problem}.`, { cause });
    }
  }

  /**
   * Which of three local speakers are heard in chunks of 10 s. Beyond the samples there is silence; a chunk's result does
   * not depend on the others.
   * @param pcm 16 kHz mono
   * @param stepSamples from the start of one chunk to that of the next, a multiple of 10
   * @returns [chunks][589][7]: how probable it is, every 270 samples, that nobody speaks, 0, 1, 2, 0 and 1, 0 and 2, 1 and 2
   */
  async segment(pcm: Int16Array, stepSamples: number, chunks: number): Promise<Float32Array> {
    if (chunks < 1 || stepSamples < 10 || stepSamples % 10 !== 0) {
      throw new RangeError(`${chunks} chunks every ${stepSamples} samples cannot be segmented`);
    }
    return this.#native.segment(pcm, stepSamples, chunks);
  }

  /** Kaldi's log-fbank. @param pcm 16 kHz mono @returns [frames][80], a frame of 25 ms every 10 ms */
  features(pcm: Int16Array): Promise<Float32Array> {
    return this.#native.features(pcm);
  }

  /**
   * What a voice sounds like. A frame depends on 112 features either side of its first.
   * @param features [n][80], their mean over speech subtracted
   * @returns [ceil(n / 8)][2560], a frame every 80 ms
   */
  trunk(features: Float32Array): Promise<Float32Array> {
    return this.#native.trunk(features);
  }

  /**
   * Embeddings of what is heard under masks.
   * @param frames [n][2560] of the trunk @param masks [voices][n], weights from 0 to 1
   * @returns [voices][256]
   */
  embed(frames: Float32Array, masks: Float32Array): Promise<Float32Array> {
    return this.#native.embed(frames, masks);
  }
}
