import type { SileroWeights } from '../src/silero/silero-weights.ts';

const STEP = 512;
const AHEAD = 64;
const STRIDES = [1, 2, 2, 1] as const;

/** Silero's network as its graph has it, one window after another in plain loops: what the native one must come to. */
export function plainProbabilities(weights: SileroWeights, pcm: Int16Array): number[] {
  const samples = new Float64Array(pcm.length + AHEAD);
  pcm.forEach((value, i) => {
    samples[i] = value / 32_768;
  });
  let memory = { hidden: new Float64Array(128), cell: new Float64Array(128) };
  const probabilities: number[] = [];
  for (let at = 0; at + STEP <= pcm.length; at += STEP) {
    memory = remember(weights, encode(weights, samples.subarray(at, at + STEP + AHEAD)), memory);
    const heard = memory.hidden.map((value) => Math.max(0, value));
    const certainty = dot(weights['decoder.decoder.2.weight'], heard) + at0(weights['decoder.decoder.2.bias']);
    probabilities.push(sigmoid(certainty));
  }
  return probabilities;
}

const at0 = (values: ArrayLike<number>, index = 0) => values[index] ?? Number.NaN;
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

function dot(a: ArrayLike<number>, b: Float64Array): number {
  return b.reduce((sum, value, i) => sum + value * at0(a, i), 0);
}

/** Columns are time steps. */
function encode(weights: SileroWeights, window: Float64Array): Float64Array {
  const mirrored = [...window, ...window.slice(-AHEAD - 1, -1).reverse()];
  const columns = [0, 128, 256, 384].map((at) => {
    const frame = Float64Array.from(mirrored.slice(at, at + 256));
    const part = (row: number) => dot(weights['stft.forward_basis_buffer'].subarray(row * 256, row * 256 + 256), frame);
    return Float64Array.from({ length: 129 }, (_, bin) => Math.hypot(part(bin), part(129 + bin)));
  });
  let encoded: Float64Array[] = columns;
  ([0, 1, 2, 3] as const).forEach((i) => {
    const name = `encoder.${i}.reparam_conv` as const;
    encoded = convolve(encoded, weights[`${name}.weight`], weights[`${name}.bias`], STRIDES[i]);
  });
  return encoded[0] ?? new Float64Array(0);
}

function convolve(input: Float64Array[], weight: Float32Array, bias: Float32Array, stride: number): Float64Array[] {
  const channels = input[0]?.length ?? 0;
  return Array.from({ length: Math.ceil(input.length / stride) }, (_, step) => {
    return Float64Array.from(bias, (start, out) => {
      let sum = start;
      for (let tap = 0; tap < 3; tap++) {
        const column = input[step * stride + tap - 1];
        column?.forEach((value, channel) => {
          sum += value * at0(weight, (out * channels + channel) * 3 + tap);
        });
      }
      return Math.max(0, sum);
    });
  });
}

/** PyTorch's LSTM cell: gates are input, forget, cell, output. */
function remember(
  weights: SileroWeights,
  input: Float64Array,
  { hidden, cell }: { hidden: Float64Array; cell: Float64Array },
) {
  const row = (matrix: Float32Array, gate: number) => matrix.subarray(gate * 128, gate * 128 + 128);
  const gates = Float64Array.from({ length: 512 }, (_, gate) => {
    const fromInput = dot(row(weights['decoder.rnn.weight_ih'], gate), input);
    const fromHidden = dot(row(weights['decoder.rnn.weight_hh'], gate), hidden);
    return (
      fromInput + fromHidden + at0(weights['decoder.rnn.bias_ih'], gate) + at0(weights['decoder.rnn.bias_hh'], gate)
    );
  });
  const next = cell.map((value, i) => {
    return sigmoid(at0(gates, 128 + i)) * value + sigmoid(at0(gates, i)) * Math.tanh(at0(gates, 256 + i));
  });
  return { cell: next, hidden: next.map((value, i) => sigmoid(at0(gates, 384 + i)) * Math.tanh(value)) };
}
