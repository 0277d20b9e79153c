import { SAMPLES_PER_MS } from '../media/pcm.ts';

const FIRST_SAMPLES = 4_000 * SAMPLES_PER_MS;

/** The end of a session's audio, from `fromMs` on: 16 kHz mono, s16. What is dropped is gone. */
export class AudioWindow {
  #pcm = new Int16Array(FIRST_SAMPLES);
  #samples = 0;
  #fromMs: number;

  constructor(fromMs = 0) {
    this.#fromMs = fromMs;
  }

  get fromMs(): number {
    return this.#fromMs;
  }

  get endMs(): number {
    return this.#fromMs + Math.floor(this.#samples / SAMPLES_PER_MS);
  }

  append(pcm: Int16Array): void {
    const samples = this.#samples + pcm.length;
    if (samples > this.#pcm.length) {
      const larger = new Int16Array(Math.max(samples, 2 * this.#pcm.length));
      larger.set(this.#pcm.subarray(0, this.#samples));
      this.#pcm = larger;
    }
    this.#pcm.set(pcm, this.#samples);
    this.#samples = samples;
  }

  /** A copy of what there is of that stretch. */
  slice(startMs: number, endMs: number): Int16Array {
    const at = (ms: number) => Math.min(this.#samples, Math.max(0, (ms - this.#fromMs) * SAMPLES_PER_MS));
    return this.#pcm.slice(at(startMs), at(endMs));
  }

  dropBefore(ms: number): void {
    const dropped = Math.min(Math.max(0, ms - this.#fromMs), this.endMs - this.#fromMs);
    if (dropped === 0) return;
    this.#pcm.copyWithin(0, dropped * SAMPLES_PER_MS, this.#samples);
    this.#samples -= dropped * SAMPLES_PER_MS;
    this.#fromMs += dropped;
  }
}
