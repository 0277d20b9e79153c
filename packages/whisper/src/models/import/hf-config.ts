import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Hparams } from '../tensors.ts';
import { AUDIO_CONTEXT, F16, VOCABULARIES } from './foreign-model.ts';
import { refused } from './refusal.ts';

const count = z.int().min(1);
const configSchema = z.object({
  model_type: z.string(),
  architectures: z.array(z.string()).nullish(),
  vocab_size: count,
  d_model: count,
  encoder_layers: count,
  encoder_attention_heads: count,
  encoder_ffn_dim: count,
  decoder_layers: count,
  decoder_attention_heads: count,
  decoder_ffn_dim: count,
  num_mel_bins: count.default(80),
  max_source_positions: count.default(AUDIO_CONTEXT),
  max_target_positions: count.default(448),
  activation_function: z.string().default('gelu'),
  scale_embedding: z.boolean().default(false),
  quantization_config: z.unknown().optional(),
});
type Config = z.infer<typeof configSchema>;

const preprocessorSchema = z.object({
  feature_size: z.int().optional(),
  sampling_rate: z.int().optional(),
  n_fft: z.int().optional(),
  hop_length: z.int().optional(),
  chunk_length: z.number().optional(),
});

/** The sizes that a Hugging Face folder's config.json gives, after what whisper.cpp's model cannot be has been refused. */
export async function readHfSizes(folder: string): Promise<Hparams> {
  const config = await readJson(folder, 'config.json', configSchema);
  if (!config) throw refused('the folder has no config.json');
  refuseOtherModels(config);
  refuseOtherSizes(config);
  await refuseOtherAudio(folder, config);
  return {
    vocab: config.vocab_size,
    audioContext: config.max_source_positions,
    audioWidth: config.d_model,
    audioHeads: config.encoder_attention_heads,
    audioLayers: config.encoder_layers,
    textContext: config.max_target_positions,
    textWidth: config.d_model,
    textHeads: config.decoder_attention_heads,
    textLayers: config.decoder_layers,
    mels: config.num_mel_bins,
    fileType: F16,
  };
}

function refuseOtherModels(config: Config): void {
  const [architecture] = config.architectures ?? ['WhisperForConditionalGeneration'];
  if (config.model_type !== 'whisper' || architecture !== 'WhisperForConditionalGeneration') {
    throw refused(`it is a ${architecture ?? config.model_type}, not a WhisperForConditionalGeneration`);
  }
  if (config.quantization_config) throw refused('its weights are quantised already; import the full ones');
  if (config.activation_function !== 'gelu') {
    throw refused(`its activation is ${config.activation_function}, Whisper's is gelu`);
  }
  if (config.scale_embedding) throw refused('it scales its embeddings, which Whisper does not');
}

function refuseOtherSizes(config: Config): void {
  if (!VOCABULARIES.includes(config.vocab_size)) {
    throw refused(
      `it has ${config.vocab_size} tokens, so tokens were added to its vocabulary or taken from it; whisper.cpp knows vocabularies of ${VOCABULARIES.join(', ')}`,
    );
  }
  const { d_model: width, max_source_positions: frames } = config;
  for (const side of ['encoder', 'decoder'] as const) {
    const heads = config[`${side}_attention_heads`];
    if (width % heads !== 0) throw refused(`its ${side} has ${heads} heads for a width of ${width}`);
    const inner = config[`${side}_ffn_dim`];
    if (inner !== 4 * width) throw refused(`its ${side}'s inner width is ${inner}; Whisper's is four times ${width}`);
  }
  if (frames !== AUDIO_CONTEXT) throw refused(`its encoder has ${frames} frames; Whisper's has ${AUDIO_CONTEXT}`);
}

/** The spectrogram is ours: a model trained on another one would hear noise. */
async function refuseOtherAudio(folder: string, config: Config): Promise<void> {
  const given = await readJson(folder, 'preprocessor_config.json', preprocessorSchema);
  if (!given) return;
  const wanted = {
    feature_size: config.num_mel_bins,
    sampling_rate: 16_000,
    n_fft: 400,
    hop_length: 160,
    chunk_length: 30,
  };
  for (const [name, value] of Object.entries(wanted) as [keyof typeof wanted, number][]) {
    if (given[name] !== undefined && given[name] !== value) {
      throw refused(`its preprocessor_config.json has ${name} ${given[name]}, expected ${value}`);
    }
  }
}

async function readJson<T>(folder: string, file: string, schema: z.ZodType<T>): Promise<T | null> {
  const text = await readFile(join(folder, file), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw refused(`its ${file} cannot be read`, error);
  }
}
