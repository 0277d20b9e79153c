import { describe, expect, it } from '@jest/globals';
import { hfName } from './hf-names.ts';

describe("Hugging Face's names", () => {
  it.each([
    ['encoder.positional_embedding', 'encoder.embed_positions.weight'],
    ['decoder.positional_embedding', 'decoder.embed_positions.weight'],
    ['encoder.conv1.weight', 'encoder.conv1.weight'],
    ['encoder.conv2.bias', 'encoder.conv2.bias'],
    ['encoder.ln_post.weight', 'encoder.layer_norm.weight'],
    ['decoder.ln.bias', 'decoder.layer_norm.bias'],
    ['decoder.token_embedding.weight', 'decoder.embed_tokens.weight'],
    ['encoder.blocks.3.attn_ln.bias', 'encoder.layers.3.self_attn_layer_norm.bias'],
    ['encoder.blocks.3.attn.query.weight', 'encoder.layers.3.self_attn.q_proj.weight'],
    ['encoder.blocks.3.attn.key.weight', 'encoder.layers.3.self_attn.k_proj.weight'],
    ['encoder.blocks.3.attn.value.bias', 'encoder.layers.3.self_attn.v_proj.bias'],
    ['encoder.blocks.3.attn.out.weight', 'encoder.layers.3.self_attn.out_proj.weight'],
    ['decoder.blocks.11.cross_attn_ln.weight', 'decoder.layers.11.encoder_attn_layer_norm.weight'],
    ['decoder.blocks.11.cross_attn.query.bias', 'decoder.layers.11.encoder_attn.q_proj.bias'],
    ['decoder.blocks.11.cross_attn.key.weight', 'decoder.layers.11.encoder_attn.k_proj.weight'],
    ['decoder.blocks.11.cross_attn.out.bias', 'decoder.layers.11.encoder_attn.out_proj.bias'],
    ['decoder.blocks.11.mlp_ln.weight', 'decoder.layers.11.final_layer_norm.weight'],
    ['decoder.blocks.11.mlp.0.weight', 'decoder.layers.11.fc1.weight'],
    ['decoder.blocks.11.mlp.2.bias', 'decoder.layers.11.fc2.bias'],
  ])('%s is %s', (tensor, name) => {
    expect(hfName(tensor)).toBe(name);
  });
});
