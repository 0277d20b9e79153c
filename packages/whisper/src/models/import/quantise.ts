import { loadAddon } from '../../engine/native.ts';
import type { TensorSpec } from '../tensors.ts';
import { refused } from './refusal.ts';

/** Types of weights that the importer can make: ggml's number of the file and of its matrices (ggml.h). */
const KINDS = {
  q8_0: { fileType: 7, tensorType: 8 },
  q5_0: { fileType: 8, tensorType: 6 },
  q5_1: { fileType: 9, tensorType: 7 },
} as const;
export type Quantisation = keyof typeof KINDS;
export const QUANTISATIONS = Object.keys(KINDS) as Quantisation[];

/** ggml.h, GGML_QNT_VERSION and GGML_QNT_VERSION_FACTOR: the layout of the blocks is part of the file's type. */
const LAYOUT = 2 * 1000;
const BLOCK_VALUES = 32;

export const quantisedFileType = (kind: Quantisation): number => LAYOUT + KINDS[kind].fileType;
export const quantisedTensorType = (kind: Quantisation): number => KINDS[kind].tensorType;

/** Matrices are; convolutions, biases, norms and positions are not (whisper.cpp, examples/quantize). */
export const isQuantised = ({ shape, single }: TensorSpec): boolean => shape.length === 2 && !single;

/** @throws SottoError `invalid_parameter`: ggml would end the process. */
export function refuseUnevenRows(width: number): void {
  if (width % BLOCK_VALUES !== 0) {
    throw refused(
      `its rows of ${width} values do not divide into blocks of ${BLOCK_VALUES}, so it cannot be quantised`,
    );
  }
}

/** Whole rows of float16 as blocks of ggml's, by the engine's own code. */
export function quantiseRows(kind: Quantisation, halves: Buffer, rowLength: number): Buffer {
  const bits = new Uint16Array(halves.buffer, halves.byteOffset, halves.length / 2);
  return loadAddon().quantize(kind, bits, rowLength);
}
