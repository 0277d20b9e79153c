/** Members of a block, by OpenAI's name. */
const BLOCK: Record<string, string> = {
  attn_ln: 'self_attn_layer_norm',
  cross_attn_ln: 'encoder_attn_layer_norm',
  mlp_ln: 'final_layer_norm',
  'mlp.0': 'fc1',
  'mlp.2': 'fc2',
};
const ATTENTION: Record<string, string> = { attn: 'self_attn', cross_attn: 'encoder_attn' };
const PROJECTION: Record<string, string> = { query: 'q_proj', key: 'k_proj', value: 'v_proj', out: 'out_proj' };

/** OpenAI's name of a tensor -> Hugging Face's, without the leading `model.` (whisper.cpp, models/convert-h5-to-ggml.py). */
export function hfName(tensor: string): string {
  const [side = '', ...rest] = tensor.split('.');
  const parameter = rest.at(-1) ?? '';
  if (parameter === 'positional_embedding') return `${side}.embed_positions.weight`;
  if (rest[0] === 'token_embedding') return 'decoder.embed_tokens.weight';
  if (rest[0]?.startsWith('conv')) return tensor;
  if (rest[0] !== 'blocks') return `${side}.layer_norm.${parameter}`;
  const [, layer, ...members] = rest.slice(0, -1);
  const [group = '', member = ''] = members;
  const inside = BLOCK[members.join('.')] ?? `${ATTENTION[group]}.${PROJECTION[member]}`;
  return `${side}.layers.${layer}.${inside}.${parameter}`;
}
