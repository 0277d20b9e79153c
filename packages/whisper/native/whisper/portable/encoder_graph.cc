#include "portable/encoder_graph.h"

#include <cmath>

#include "portable/graph_ops.h"

namespace sotto::whisper {

namespace {
constexpr size_t kNodes = 4096;
constexpr int kKeyPad = 256;
}  // namespace

ggml_tensor* EncoderGraph::convolutions() {
  ggml_context* c = context_.get();
  const Weights& w = model_.weights;
  ggml_tensor* x = ggml_gelu(c, ggml_add(c, ggml_conv_1d_ph(c, w.conv1.w, mel_, 1, 1), w.conv1.b));
  x = ggml_gelu(c, ggml_add(c, ggml_conv_1d_ph(c, w.conv2.w, x, 2, 1), w.conv2.b));
  ggml_tensor* positions = ggml_view_2d(c, w.encoder_positions, w.encoder_positions->ne[0], frames_, w.encoder_positions->nb[1], 0);
  return ggml_add(c, ggml_cont(c, ggml_transpose(c, x)), positions);
}

ggml_tensor* EncoderGraph::for_attention(ggml_tensor* keys) {
  if (on_cpu_) return keys;
  const int padding = int(mask_->ne[0] - keys->ne[1]);
  return ggml_cast(context_.get(), ggml_pad(context_.get(), keys, 0, padding, 0, 0), GGML_TYPE_F16);
}

ggml_tensor* EncoderGraph::attention(const Attention& layer, ggml_tensor* x) {
  ggml_context* c = context_.get();
  const Hparams& hp = model_.hparams;
  const int heads = hp.n_audio_head, size = hp.n_audio_state / heads;
  const auto split = [&](ggml_tensor* t) { return ggml_permute(c, ggml_reshape_3d(c, t, size, heads, t->ne[1]), 0, 2, 1, 3); };
  ggml_tensor* normed = norm(c, x, layer.norm);
  ggml_tensor* q = split(linear(c, normed, layer.q));
  ggml_tensor* k = split(for_attention(linear(c, normed, layer.k)));
  ggml_tensor* v = split(for_attention(linear(c, normed, layer.v)));
  ggml_tensor* y = ggml_flash_attn_ext(c, q, k, v, mask_, 1.0f / std::sqrt(float(size)), 0.0f, 0.0f);
  ggml_flash_attn_ext_set_prec(y, GGML_PREC_F32);
  return ggml_add(c, linear(c, ggml_reshape_2d(c, y, hp.n_audio_state, frames_), layer.out), x);
}

ggml_cgraph* EncoderGraph::build(const Slots& slots, int slot, int frames) {
  frames_ = frames;
  const Hparams& hp = model_.hparams;
  const Weights& w = model_.weights;
  context_.reset(ggml_init({kNodes * ggml_tensor_overhead() + ggml_graph_overhead_custom(kNodes, false), nullptr, true}));
  ggml_context* c = context_.get();
  ggml_cgraph* graph = ggml_new_graph_custom(c, kNodes, false);
  mel_ = ggml_new_tensor_2d(c, GGML_TYPE_F32, 2 * frames_, hp.n_mels);
  ggml_set_input(mel_);
  mask_ = on_cpu_ ? nullptr : ggml_new_tensor_2d(c, GGML_TYPE_F16, GGML_PAD(frames_, kKeyPad), frames_);
  if (mask_) ggml_set_input(mask_);

  ggml_tensor* x = convolutions();
  for (const EncoderLayer& layer : w.encoder) x = mlp(c, attention(layer.self, x), layer.mlp);
  x = norm(c, x, w.encoder_norm);

  // Half of 1/sqrt(d) goes to the keys, as upstream: keeps them in f16's comfortable range.
  const float scale = std::pow(float(hp.head_size()), -0.25f);
  for (size_t i = 0; i < w.decoder.size(); ++i) {
    ggml_tensor* keys = slots.cross_keys[i];
    ggml_tensor* values = slots.cross_values[i];
    ggml_tensor* k = ggml_scale(c, linear(c, x, w.decoder[i].cross.k), scale);
    ggml_tensor* v = ggml_transpose(c, linear(c, x, w.decoder[i].cross.v));
    ggml_build_forward_expand(graph, ggml_cpy(c, k, ggml_view_2d(c, keys, keys->ne[0], frames_, keys->nb[1], slot * keys->nb[2])));
    ggml_build_forward_expand(graph, ggml_cpy(c, v, ggml_view_2d(c, values, frames_, values->ne[1], values->nb[1], slot * values->nb[2])));
  }
  return graph;
}

}  // namespace sotto::whisper
