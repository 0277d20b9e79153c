import { type OnnxGraph, readOnnxGraphs } from './onnx-tensors.ts';

/** Silero VAD v5 and v6 at 16 kHz. */
const SHAPES = {
  'stft.forward_basis_buffer': [258, 1, 256],
  'encoder.0.reparam_conv.weight': [128, 129, 3],
  'encoder.0.reparam_conv.bias': [128],
  'encoder.1.reparam_conv.weight': [64, 128, 3],
  'encoder.1.reparam_conv.bias': [64],
  'encoder.2.reparam_conv.weight': [64, 64, 3],
  'encoder.2.reparam_conv.bias': [64],
  'encoder.3.reparam_conv.weight': [128, 64, 3],
  'encoder.3.reparam_conv.bias': [128],
  'decoder.rnn.weight_ih': [512, 128],
  'decoder.rnn.weight_hh': [512, 128],
  'decoder.rnn.bias_ih': [512],
  'decoder.rnn.bias_hh': [512],
  'decoder.decoder.2.weight': [1, 128, 1],
  'decoder.decoder.2.bias': [1],
} as const;

type TensorName = keyof typeof SHAPES;
export type SileroWeights = Record<TensorName, Float32Array>;

const BASIS = 'stft.forward_basis_buffer';
const FRAME = 256;
const BINS = 129;
const BASIS_TOLERANCE = 1e-5;

/**
 * The weights in a Silero file (silero_vad.onnx): of its two branches, 16 kHz and 8 kHz, the first.
 * @throws RangeError for a file that is not that network
 */
export function readSileroWeights(file: Uint8Array): SileroWeights {
  for (const graph of readOnnxGraphs(file)) {
    const tensors = withoutPrefix(graph);
    if (tensors.get(BASIS)?.shape[0] === SHAPES[BASIS][0]) return weightsOf(tensors);
  }
  throw new RangeError('it has no branch for 16 kHz');
}

/** Inlined graphs have `If_0_then_branch__Inline_0__` and the like before each name. */
function withoutPrefix(graph: OnnxGraph): OnnxGraph {
  return new Map([...graph].map(([name, tensor]) => [name.replace(/^.*__(?=\w)/, ''), tensor]));
}

function weightsOf(tensors: OnnxGraph): SileroWeights {
  const entries = Object.entries(SHAPES).map(([name, shape]) => {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw new RangeError(`it has no tensor ${name}`);
    if (tensor.shape.join() !== shape.join()) {
      throw new RangeError(`its ${name} has the shape [${tensor.shape}], expected [${shape}]`);
    }
    return [name, tensor.values];
  });
  const weights = Object.fromEntries(entries) as SileroWeights;
  if (!isFourierOfHann(weights[BASIS])) throw new RangeError(`its ${BASIS} is no windowed Fourier transform`);
  return weights;
}

/** The native code computes it as what it is, by fast Fourier transform: cosines, then negative sines, under Hann's window. */
function isFourierOfHann(basis: Float32Array): boolean {
  const cosine = Array.from({ length: FRAME }, (_, n) => Math.cos((2 * Math.PI * n) / FRAME));
  return basis.every((value, at) => {
    const row = Math.floor(at / FRAME);
    const n = at % FRAME;
    // -sin(x) is cos(x + a quarter turn).
    const angle = row < BINS ? row * n : (row - BINS) * n + FRAME / 4;
    const expected = (0.5 - 0.5 * (cosine[n] ?? 0)) * (cosine[angle % FRAME] ?? 0);
    return Math.abs(value - expected) < BASIS_TOLERANCE;
  });
}
