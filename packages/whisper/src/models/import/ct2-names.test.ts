import { describe, expect, it } from '@jest/globals';
import { ct2Source } from './ct2-names.ts';

describe("CTranslate2's names", () => {
  it.each([
    ['encoder.positional_embedding', 'encoder/position_encodings/encodings', 0, 1],
    ['encoder.conv1.weight', 'encoder/conv1/weight', 0, 1],
    ['encoder.conv2.bias', 'encoder/conv2/bias', 0, 1],
    ['encoder.ln_post.weight', 'encoder/layer_norm/gamma', 0, 1],
    ['decoder.ln.bias', 'decoder/layer_norm/beta', 0, 1],
    ['decoder.token_embedding.weight', 'decoder/embeddings/weight', 0, 1],
    ['encoder.blocks.3.attn_ln.bias', 'encoder/layer_3/self_attention/layer_norm/beta', 0, 1],
    ['encoder.blocks.3.attn.query.weight', 'encoder/layer_3/self_attention/linear_0/weight', 0, 3],
    ['encoder.blocks.3.attn.key.weight', 'encoder/layer_3/self_attention/linear_0/weight', 1, 3],
    ['encoder.blocks.3.attn.value.bias', 'encoder/layer_3/self_attention/linear_0/bias', 2, 3],
    ['encoder.blocks.3.attn.out.weight', 'encoder/layer_3/self_attention/linear_1/weight', 0, 1],
    ['decoder.blocks.11.cross_attn_ln.weight', 'decoder/layer_11/attention/layer_norm/gamma', 0, 1],
    ['decoder.blocks.11.cross_attn.query.bias', 'decoder/layer_11/attention/linear_0/bias', 0, 1],
    ['decoder.blocks.11.cross_attn.key.weight', 'decoder/layer_11/attention/linear_1/weight', 0, 2],
    ['decoder.blocks.11.cross_attn.value.weight', 'decoder/layer_11/attention/linear_1/weight', 1, 2],
    ['decoder.blocks.11.cross_attn.out.bias', 'decoder/layer_11/attention/linear_2/bias', 0, 1],
    ['decoder.blocks.11.mlp_ln.weight', 'decoder/layer_11/ffn/layer_norm/gamma', 0, 1],
    ['decoder.blocks.11.mlp.0.weight', 'decoder/layer_11/ffn/linear_0/weight', 0, 1],
    ['decoder.blocks.11.mlp.2.bias', 'decoder/layer_11/ffn/linear_1/bias', 0, 1],
  ])('%s is %s, slice %i of %i', (tensor, variable, part, parts) => {
    expect(ct2Source(tensor)).toEqual({ variable, part, parts });
  });
});
