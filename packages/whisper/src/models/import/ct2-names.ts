/** Where a tensor's values are: a variable, or one of `parts` equal slices of its rows (fused projections). */
export interface Ct2Source {
  variable: string;
  part: number;
  parts: number;
}

const PARAMETERS: Record<string, string> = { weight: 'gamma', bias: 'beta' };

/** Projections that CTranslate2 fuses along their rows, by our name: linear layer, slice, slices. */
const SELF_ATTENTION: Record<string, [layer: number, part: number, parts: number]> = {
  query: [0, 0, 3],
  key: [0, 1, 3],
  value: [0, 2, 3],
  out: [1, 0, 1],
};
const CROSS_ATTENTION: Record<string, [layer: number, part: number, parts: number]> = {
  query: [0, 0, 1],
  key: [1, 0, 2],
  value: [1, 1, 2],
  out: [2, 0, 1],
};
const MLP: Record<string, string> = { '0': 'linear_0', '2': 'linear_1' };

/** OpenAI's name of a tensor -> CTranslate2's (converters/transformers.py, WhisperLoader). */
export function ct2Source(tensor: string): Ct2Source {
  const whole = (variable: string): Ct2Source => ({ variable, part: 0, parts: 1 });
  const [side = '', ...rest] = tensor.split('.');
  const parameter = rest.at(-1) ?? '';
  if (parameter === 'positional_embedding') return whole(`${side}/position_encodings/encodings`);
  if (rest[0] === 'token_embedding') return whole('decoder/embeddings/weight');
  if (rest[0]?.startsWith('conv')) return whole(`${side}/${rest[0]}/${parameter}`);
  if (rest[0] !== 'blocks') return whole(`${side}/layer_norm/${PARAMETERS[parameter]}`);
  const [, layer, group = '', member = ''] = rest;
  const block = `${side}/layer_${layer}`;
  const folder = { attn: 'self_attention', cross_attn: 'attention', mlp: 'ffn' }[group.replace(/_ln$/, '')];
  if (group.endsWith('_ln')) return whole(`${block}/${folder}/layer_norm/${PARAMETERS[parameter]}`);
  if (group === 'mlp') return whole(`${block}/ffn/${MLP[member]}/${parameter}`);
  const [linear, part, parts] = (group === 'attn' ? SELF_ATTENTION : CROSS_ATTENTION)[member] ?? [0, 0, 1];
  return { variable: `${block}/${folder}/linear_${linear}/${parameter}`, part, parts };
}
