import { type OrtTensor, readOrtTensors } from './ort-tensors.ts';
import { sincFilters } from './sinc-filters.ts';

/** pyannote's PLDA and the transform before it, within the model file: offsets in bytes, lengths in numbers. */
const PLDA_PARTS = {
  mean1: { offset: 0, length: 256, type: Float64Array },
  mean2: { offset: 2_048, length: 128, type: Float32Array },
  lda: { offset: 2_560, length: 256 * 128, type: Float32Array },
  mu: { offset: 133_632, length: 128, type: Float64Array },
  transform: { offset: 134_656, length: 128 * 128, type: Float64Array },
  psi: { offset: 265_728, length: 128, type: Float64Array },
} as const;
const SEGMENTATION = { offset: 266_752, bytes: 1_594_080 };
const EMBEDDING = { offset: 1_860_864, bytes: 6_975_920 };

/** What makes two embeddings comparable: pyannote's x-vector transform and PLDA (Landini et al. 2022). */
export interface PldaWeights {
  /** [256]: subtracted from an embedding. */
  mean1: Float64Array;
  /** [128]: subtracted after `lda`. */
  mean2: Float64Array;
  /** [256][128] */
  lda: Float64Array;
  /** [128] */
  mu: Float64Array;
  /** [128][128], a row for each result */
  transform: Float64Array;
  /** [128]: variance between voices, where that within a voice is 1. */
  psi: Float64Array;
}

export interface SpeakerWeights {
  /** Of both networks and of the embedding's last layer, in the order in which the addon reads them. */
  networks: Float32Array[];
  plda: PldaWeights;
}

/**
 * @param file as the catalog installs it: one slice of moonshine-voice's library
 * @throws RangeError for another file
 */
export function readSpeakerWeights(file: Uint8Array): SpeakerWeights {
  const whole = EMBEDDING.offset + EMBEDDING.bytes;
  if (file.length !== whole) throw new RangeError(`it has ${file.length} bytes, expected ${whole}`);
  const tensors = ({ offset, bytes }: typeof EMBEDDING) =>
    new Tensors(readOrtTensors(file.subarray(offset, offset + bytes)));
  return {
    networks: [...segmentationWeights(tensors(SEGMENTATION)), ...embeddingWeights(tensors(EMBEDDING))],
    plda: pldaWeights(file),
  };
}

/** Weights by name; int8 ones as the numbers they stand for. */
class Tensors {
  readonly #tensors: Map<string, OrtTensor>;

  constructor(tensors: Map<string, OrtTensor>) {
    this.#tensors = tensors;
  }

  get(name: string): Float32Array {
    const plain = this.#tensors.get(name)?.values;
    if (plain instanceof Float32Array) return plain;
    const quantised = this.#tensors.get(`${name}_quantized`)?.values;
    if (quantised === undefined) throw new RangeError(`it has no tensor ${name}`);
    const scale = this.get(`${name}_scale`)[0] ?? 0;
    const zeroPoint = this.get(`${name}_zero_point`)[0] ?? 0;
    return Float32Array.from(quantised, (value) => Math.fround(value * scale) + zeroPoint);
  }

  all(...names: string[]): Float32Array[] {
    return names.map((name) => this.get(name));
  }
}

function segmentationWeights(tensors: Tensors): Float32Array[] {
  const sincnet = 'inner.sincnet';
  const layer = (name: string) => tensors.all(`${sincnet}.${name}.weight`, `${sincnet}.${name}.bias`);
  const bank = `${sincnet}.conv1d.0.filterbank`;
  return [
    ...layer('wav_norm1d'),
    sincFilters({
      lowHz: tensors.get(`${bank}.low_hz_`),
      bandHz: tensors.get(`${bank}.band_hz_`),
      window: tensors.get(`${bank}.window_`),
      times: tensors.get(`${bank}.n_`),
    }),
    ...['conv1d.1', 'conv1d.2', 'norm1d.0', 'norm1d.1', 'norm1d.2'].flatMap(layer),
    // Exported without names: of three consecutive numbers, the first is the bias, the others are the matrices.
    ...[790, 833, 876, 919].flatMap((at) => tensors.all(...[1, 2, 0].map((i) => `onnx::LSTM_${at + i}`))),
    ...tensors.all('onnx::MatMul_922', 'inner.linear.0.bias', 'onnx::MatMul_923', 'inner.linear.1.bias'),
    ...tensors.all('onnx::MatMul_924', 'inner.classifier.bias'),
  ];
}

const CONVOLUTIONS = 36;

/** Exported without names, too: in the order of the layers, a shortcut after both convolutions of its block. */
function embeddingWeights(tensors: Tensors): Float32Array[] {
  const numbers = Array.from({ length: CONVOLUTIONS }, (_, i) => 418 + 3 * i);
  return [
    ...numbers.flatMap((at) => tensors.all(`onnx::Conv_${at}`, `onnx::Conv_${at + 1}`)),
    ...tensors.all('resnet.seg_1.weight', 'resnet.seg_1.bias'),
  ];
}

function pldaWeights(file: Uint8Array): PldaWeights {
  const entries = Object.entries(PLDA_PARTS).map(([name, { offset, length, type }]) => {
    const bytes = Uint8Array.from(file.subarray(offset, offset + length * type.BYTES_PER_ELEMENT));
    return [name, Float64Array.from(new type(bytes.buffer))];
  });
  return Object.fromEntries(entries) as PldaWeights;
}
