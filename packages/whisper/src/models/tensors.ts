/** The sizes at the head of a ggml Whisper file, in the file's order (whisper.cpp, `whisper_hparams`). */
export const HPARAM_NAMES = [
  'vocab',
  'audioContext',
  'audioWidth',
  'audioHeads',
  'audioLayers',
  'textContext',
  'textWidth',
  'textHeads',
  'textLayers',
  'mels',
  'fileType',
] as const;
export type Hparams = Record<(typeof HPARAM_NAMES)[number], number>;

export interface TensorSpec {
  /** OpenAI's name. */
  name: string;
  /** As numpy says it: outermost first. */
  shape: number[];
  /** Always float32, also in files of 16 bits or less. */
  single: boolean;
}

/** First vocabulary size with languages and tasks; the `.en` models have one token less. */
export const MULTILINGUAL_VOCAB = 51_865;
export const isMultilingual = (hparams: Pick<Hparams, 'vocab'>): boolean => hparams.vocab >= MULTILINGUAL_VOCAB;

/** Every tensor of a Whisper model of these sizes (whisper.cpp, src/whisper-arch.h), in the order in which we write them. */
export function* modelTensors(hparams: Hparams): Generator<TensorSpec> {
  yield* sideTensors('encoder', hparams.audioLayers, hparams.audioWidth, hparams.audioContext);
  yield* sideTensors('decoder', hparams.textLayers, hparams.textWidth, hparams.textContext);
  const width = hparams.audioWidth;
  for (const [conv, channels] of [
    ['conv1', hparams.mels],
    ['conv2', width],
  ] as const) {
    yield { name: `encoder.${conv}.weight`, shape: [width, channels, 3], single: false };
    yield { name: `encoder.${conv}.bias`, shape: [width, 1], single: true };
  }
  yield { name: 'decoder.token_embedding.weight', shape: [hparams.vocab, hparams.textWidth], single: false };
}

function* sideTensors(side: 'encoder' | 'decoder', layers: number, width: number, context: number) {
  yield { name: `${side}.positional_embedding`, shape: [context, width], single: true };
  yield* layerNorm(`${side}.${side === 'encoder' ? 'ln_post' : 'ln'}`, width);
  for (let layer = 0; layer < layers; layer++) {
    const block = `${side}.blocks.${layer}`;
    yield* attention(`${block}.attn`, width);
    if (side === 'decoder') yield* attention(`${block}.cross_attn`, width);
    yield* layerNorm(`${block}.mlp_ln`, width);
    yield* linear(`${block}.mlp.0`, 4 * width, width);
    yield* linear(`${block}.mlp.2`, width, 4 * width);
  }
}

function* attention(name: string, width: number): Generator<TensorSpec> {
  yield* layerNorm(`${name}_ln`, width);
  for (const projection of ['query', 'key', 'value', 'out']) {
    const tensors = linear(`${name}.${projection}`, width, width);
    // Whisper's key projection has no bias.
    yield* projection === 'key' ? [...tensors].slice(0, 1) : tensors;
  }
}

function* layerNorm(name: string, width: number): Generator<TensorSpec> {
  yield { name: `${name}.weight`, shape: [width], single: true };
  yield { name: `${name}.bias`, shape: [width], single: true };
}

function* linear(name: string, rows: number, columns: number): Generator<TensorSpec> {
  yield { name: `${name}.weight`, shape: [rows, columns], single: false };
  yield { name: `${name}.bias`, shape: [rows], single: true };
}
