import { CHUNK_SAMPLES, RATE_HZ } from './format.ts';
import { Resampler } from './resampler.ts';

/** Sound as the service takes it: one channel of 16-bit samples at 16 kHz, posted in pieces of a tenth of a second. */
class CaptureProcessor extends AudioWorkletProcessor {
  readonly #resampler = new Resampler(sampleRate, RATE_HZ);
  #chunk = new Int16Array(CHUNK_SAMPLES);
  #filled = 0;

  process([channels = []]: readonly Float32Array[][]): boolean {
    if (channels.length > 0) for (const sample of this.#resampler.push(mixed(channels))) this.#add(sample);
    return true;
  }

  #add(sample: number): void {
    this.#chunk[this.#filled] = Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768)));
    this.#filled += 1;
    if (this.#filled < CHUNK_SAMPLES) return;
    this.port.postMessage(this.#chunk, [this.#chunk.buffer]);
    this.#chunk = new Int16Array(CHUNK_SAMPLES);
    this.#filled = 0;
  }
}

function mixed(channels: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(0), ...others] = channels;
  if (others.length === 0) return first;
  return first.map((sample, at) => others.reduce((sum, channel) => sum + (channel[at] ?? 0), sample) / channels.length);
}

registerProcessor('capture', CaptureProcessor);
