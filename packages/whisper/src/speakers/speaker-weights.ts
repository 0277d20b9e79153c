import { type OrtTensor, readOrtTensors } from './ort-tensors.ts';
import { sincFilters } from './sinc-filters.ts';

/** The two models within the file, as they are. */
const SEGMENTATION = { offset: 0, bytes: 1_594_080 };
const EMBEDDING = { offset: 1_594_112, bytes: 6_975_920 };

/**
 * @param file as the catalog installs it: one slice of moonshine-voice's library
 * @returns the weights of both networks and of the embedding's last layer, in the order in which the addon reads them
 * @throws RangeError for another file
 */
export function readSpeakerWeights(file: Uint8Array): Float32Array[] {
  const whole = EMBEDDING.offset + EMBEDDING.bytes;
  if (file.length !== whole) throw new RangeError(`it has ${file.length} bytes, expected ${whole}`);
  const tensors = ({ offset, bytes }: typeof EMBEDDING) =>
    new Tensors(readOrtTensors(file.subarray(offset, offset + bytes)));
  return [...segmentationWeights(tensors(SEGMENTATION)), ...embeddingWeights(tensors(EMBEDDING))];
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
