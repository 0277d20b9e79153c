import type { Hparams, TensorSpec } from '../tensors.ts';

/** What the converter needs of a model in another format. */
export interface ForeignModel {
  hparams: Hparams;
  /** The bytes of every text token, in order of their ids. */
  vocabulary: Buffer[];
  /** The values of one of ggml's tensors as float16, or float32 where the tensor is `single`, in chunks of whole rows. */
  tensor(spec: TensorSpec): AsyncGenerator<Buffer>;
  close(): Promise<void>;
}

/** Value of ggml's `ftype` for matrices of float16. */
export const F16 = 1;
/** English-only, multilingual, multilingual with Cantonese: whisper.cpp derives its special tokens from these sizes. */
export const VOCABULARIES = [51_864, 51_865, 51_866];
/** Encoder frames of a window of 30 s. */
export const AUDIO_CONTEXT = 1500;

export const valuesOf = (dims: readonly number[]): number => dims.reduce((product, size) => product * size, 1);
