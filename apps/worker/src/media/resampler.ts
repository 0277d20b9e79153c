/** Zero crossings of the sinc on each side, at the lower of the two rates. */
const ZERO_CROSSINGS = 24;
/** Kaiser window: stop band below -90 dB. */
const KAISER_BETA = 9;
/** Where the pass band ends, as a part of the lower rate's half. */
const ROLLOFF = 0.945;
/** Above this many phases (odd rates such as 44 101 Hz) the table would not be worth its memory. */
const MAX_PHASES = 1280;

/**
 * Streaming sample rate conversion by a windowed sinc in polyphase form (Julius O. Smith, "Digital Audio Resampling").
 * Output sample n lies at input time n * inputRate / outputRate: no delay, no drift, ceil(length * ratio) samples.
 */
export class Resampler {
  readonly #step: number;
  readonly #phases: number;
  readonly #halfTaps: number;
  readonly #table: Float64Array;
  /** Input not yet needed by any later output; begins `#halfTaps` before the first sample with zeros. */
  #input: Float32Array;
  /** Input time of the next output: whole samples into `#input` (at its window's middle) and a fraction in phases. */
  #position: number;
  #phase = 0;
  #received = 0;
  #produced = 0;

  static canConvert(inputRate: number, outputRate: number): boolean {
    return inputRate >= 1000 && inputRate <= 768_000 && outputRate / gcd(inputRate, outputRate) <= MAX_PHASES;
  }

  constructor(inputRate: number, outputRate: number) {
    if (!Resampler.canConvert(inputRate, outputRate)) throw new RangeError(`cannot convert from ${inputRate} Hz`);
    const divisor = gcd(inputRate, outputRate);
    this.#step = inputRate / divisor;
    this.#phases = outputRate / divisor;
    const cutoff = Math.min(1, outputRate / inputRate) * ROLLOFF;
    this.#halfTaps = Math.ceil(ZERO_CROSSINGS / cutoff);
    this.#table = sincTable(this.#phases, this.#halfTaps, cutoff);
    this.#input = new Float32Array(this.#halfTaps);
    this.#position = this.#halfTaps;
  }

  push(samples: Float32Array): Float32Array {
    this.#received += samples.length;
    this.#append(samples);
    return this.#drain(Number.POSITIVE_INFINITY);
  }

  /** The last samples, as if silence followed. */
  flush(): Float32Array {
    this.#append(new Float32Array(this.#halfTaps + 1));
    return this.#drain(Math.ceil((this.#received * this.#phases) / this.#step) - this.#produced);
  }

  #append(samples: Float32Array): void {
    const joined = new Float32Array(this.#input.length + samples.length);
    joined.set(this.#input);
    joined.set(samples, this.#input.length);
    this.#input = joined;
  }

  #drain(atMost: number): Float32Array {
    const room = this.#input.length - this.#halfTaps - this.#position;
    const output = new Float32Array(Math.max(0, Math.min(atMost, Math.ceil((room * this.#phases) / this.#step) + 1)));
    let count = 0;
    while (this.#position + this.#halfTaps < this.#input.length && count < output.length) {
      output[count++] = this.#sample();
      this.#phase += this.#step;
      this.#position += Math.floor(this.#phase / this.#phases);
      this.#phase %= this.#phases;
    }
    this.#produced += count;
    const done = Math.max(0, Math.min(this.#position - this.#halfTaps, this.#input.length));
    this.#input = this.#input.subarray(done);
    this.#position -= done;
    return output.subarray(0, count);
  }

  #sample(): number {
    const taps = 2 * this.#halfTaps;
    const from = this.#position - this.#halfTaps + 1;
    const row = this.#phase * taps;
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) sum += (this.#input[from + tap] ?? 0) * (this.#table[row + tap] ?? 0);
    return sum;
  }
}

/** Row p holds the filter for an output lying p / phases behind an input sample; each row's sum is 1. */
function sincTable(phases: number, halfTaps: number, cutoff: number): Float64Array {
  const taps = 2 * halfTaps;
  const table = new Float64Array(phases * taps);
  for (let phase = 0; phase < phases; phase++) {
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) {
      const distance = tap - halfTaps + 1 - phase / phases;
      const value = cutoff * sinc(cutoff * distance) * kaiser(distance / halfTaps);
      table[phase * taps + tap] = value;
      sum += value;
    }
    for (let tap = 0; tap < taps; tap++) table[phase * taps + tap] = (table[phase * taps + tap] ?? 0) / sum;
  }
  return table;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function kaiser(x: number): number {
  return Math.abs(x) >= 1 ? 0 : bessel0(KAISER_BETA * Math.sqrt(1 - x * x)) / bessel0(KAISER_BETA);
}

/** Modified Bessel function of the first kind, order 0, by its power series. */
function bessel0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
