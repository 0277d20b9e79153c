import { readFileSync } from 'node:fs';
import { SottoError } from '@sotto/contracts';
import { loadAddon, type NativeSpeechListener, type NativeSpeechNetwork } from '../engine/native.ts';
import { readSileroWeights, type SileroWeights } from './silero-weights.ts';

/** A probability is of so many samples, 32 ms at 16 kHz. */
export const SPEECH_STEP_SAMPLES = 512;

/**
 * Silero VAD's network (snakers4/silero-vad, v5 and v6), in native code of our own: how sure it is, for each 32 ms of a
 * recording, that somebody speaks. About 3000 times real time on one core.
 */
export class SpeechNetwork {
  readonly #native: NativeSpeechNetwork;

  private constructor(native: NativeSpeechNetwork) {
    this.#native = native;
  }

  /**
   * Reads the model, on the event loop: some 2 MB, once in the life of a process.
   * @param path silero_vad.onnx as its authors publish it
   * @param kernels `portable`: for any processor; `auto`: the fastest that this one has
   * @throws SottoError `model_load_failed`: no such file, not that network, the engine is not built
   */
  static load(path: string, kernels: 'auto' | 'portable' = 'auto'): SpeechNetwork {
    const { SpeechNetwork: Native } = loadAddon();
    return new SpeechNetwork(new Native(weightsOf(path), kernels === 'portable'));
  }

  /** For one recording. Any number of them may be under way; none hears another. */
  newListener(): SpeechListener {
    return new SpeechListener(this.#native);
  }
}

function weightsOf(path: string): SileroWeights {
  try {
    return readSileroWeights(readFileSync(path));
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new SottoError('model_load_failed', `${path} cannot be read as Silero's network: ${problem}.`, { cause });
  }
}

/** listening -> finished, and then it listens to the next recording as if it were its first. */
export class SpeechListener {
  readonly #native: NativeSpeechListener;

  constructor(network: NativeSpeechNetwork) {
    this.#native = new (loadAddon().SpeechListener)(network);
  }

  /**
   * @param pcm 16 kHz mono, any number of samples; copied before the call returns
   * @param atOnce every step that can be told is; otherwise steps are computed in blocks, which takes less time, and up to a
   *   second of them is still to come. What is told is the same.
   * @returns how likely it is that somebody speaks, for the further steps
   */
  accept(pcm: Int16Array, atOnce = false): Float32Array {
    return this.#native.accept(pcm, atOnce);
  }

  /** @returns the rest; of samples that do not fill a last step, nothing is said. */
  finish(): Float32Array {
    return this.#native.finish();
  }
}
