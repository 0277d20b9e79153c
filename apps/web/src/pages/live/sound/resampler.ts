/** Zero crossings of the kernel on each side: enough to keep speech as it is and what cannot be heard at 16 kHz out of it. */
const CROSSINGS = 16;
/** Of the lower of both rates, so that the slope of the filter ends where folding begins. */
const PASSED = 0.92;

/** Another sample rate, by windowed sinc (https://ccrma.stanford.edu/~jos/resample/): one kernel for each position that an output can have between two inputs. */
export class Resampler {
  readonly #step: number;
  readonly #phases: number;
  readonly #reach: number;
  readonly #kernels: readonly Float32Array[];
  /** Inputs that outputs to come still need, after silence. */
  #input: Float32Array;
  /** The next output lies `#phase / #phases` after input `#at`. */
  #at: number;
  #phase = 0;

  /** @param fromHz whole, as is `toHz` */
  constructor(fromHz: number, toHz: number) {
    const divisor = greatestDivisor(fromHz, toHz);
    const cutoff = PASSED * Math.min(1, toHz / fromHz);
    this.#step = fromHz / divisor;
    this.#phases = toHz / divisor;
    this.#reach = Math.ceil(CROSSINGS / cutoff);
    this.#kernels = Array.from({ length: this.#phases }, (_, phase) =>
      kernel(phase / this.#phases, this.#reach, cutoff),
    );
    this.#input = new Float32Array(this.#reach - 1);
    this.#at = this.#reach - 1;
  }

  /** What can be told from the samples so far. */
  push(samples: Float32Array): Float32Array {
    const input = new Float32Array(this.#input.length + samples.length);
    input.set(this.#input);
    input.set(samples, this.#input.length);
    const output: number[] = [];
    while (this.#at + this.#reach < input.length) {
      output.push(this.#sum(input));
      this.#phase += this.#step;
      this.#at += Math.floor(this.#phase / this.#phases);
      this.#phase %= this.#phases;
    }
    const needed = Math.min(input.length, this.#at - this.#reach + 1);
    this.#input = input.slice(needed);
    this.#at -= needed;
    return Float32Array.from(output);
  }

  #sum(input: Float32Array): number {
    const first = this.#at - this.#reach + 1;
    const weights = this.#kernels[this.#phase] ?? [];
    let sum = 0;
    for (let index = 0; index < weights.length; index += 1) sum += (input[first + index] ?? 0) * (weights[index] ?? 0);
    return sum;
  }
}

function kernel(offset: number, reach: number, cutoff: number): Float32Array {
  const weights = Float32Array.from({ length: 2 * reach }, (_, index) => {
    const distance = index - reach + 1 - offset;
    return sinc(cutoff * distance) * Math.cos((Math.PI / 2) * (distance / reach)) ** 2;
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));
