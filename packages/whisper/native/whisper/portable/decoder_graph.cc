#include "portable/decoder_graph.h"

#include <algorithm>
#include <cmath>

#include "portable/graph_ops.h"

namespace sotto::whisper {
namespace {

// Splits [n_state, rows * slots] into heads: [head size, rows, heads, slots].
ggml_tensor* split_heads(ggml_context* c, ggml_tensor* q, const RowGroup& g, int heads) {
  const int64_t size = q->ne[0] / heads;
  ggml_tensor* part = ggml_view_2d(c, q, q->ne[0], int64_t(g.rows) * g.slots, q->nb[1], g.first_row * q->nb[1]);
  return ggml_permute(c, ggml_reshape_4d(c, part, size, heads, g.rows, g.slots), 0, 2, 1, 3);
}

}  // namespace

bool DecoderGraph::matches(const std::vector<RowGroup>& groups, int rows, int logit_rows) const {
  return graph_ && rows == rows_ && logit_rows == logit_rows_ && groups == groups_;
}

ggml_tensor* DecoderGraph::join(const std::vector<ggml_tensor*>& parts) {
  ggml_tensor* all = parts[0];
  for (size_t i = 1; i < parts.size(); ++i) all = ggml_concat(context_.get(), all, parts[i], 1);
  return all;
}

ggml_tensor* DecoderGraph::self_group(size_t layer, const RowGroup& g, ggml_tensor* q, ggml_tensor* mask) {
  ggml_context* c = context_.get();
  const int heads = model_.hparams.n_text_head;
  const auto view = [&](ggml_tensor* t) {
    const size_t slot_bytes = t->nb[1] * slots_.cells;
    const int64_t size = t->ne[0] / heads;
    return ggml_view_4d(c, t, size, g.keys, heads, g.slots, t->nb[1], size * t->nb[0], slot_bytes, g.first_slot * slot_bytes);
  };
  ggml_tensor* y = ggml_flash_attn_ext(c, split_heads(c, q, g, heads), view(slots_.self_keys[layer]), view(slots_.self_values[layer]), mask,
                                       1.0f, 0.0f, 0.0f);
  ggml_flash_attn_ext_set_prec(y, GGML_PREC_F32);
  return ggml_reshape_2d(c, y, q->ne[0], int64_t(g.rows) * g.slots);
}

ggml_tensor* DecoderGraph::self_attention(size_t layer, ggml_tensor* x) {
  ggml_context* c = context_.get();
  const Attention& w = model_.weights.decoder[layer].self;
  const float scale = std::pow(float(model_.hparams.head_size()), -0.25f);
  ggml_tensor* normed = norm(c, x, w.norm);
  ggml_tensor* q = ggml_scale(c, linear(c, normed, w.q), scale);
  ggml_tensor* k = ggml_scale(c, linear(c, normed, w.k), scale);
  ggml_tensor* v = linear(c, normed, w.v);
  ggml_build_forward_expand(graph_, ggml_set_rows(c, slots_.self_keys[layer], k, cells));
  ggml_build_forward_expand(graph_, ggml_set_rows(c, slots_.self_values[layer], v, cells));
  std::vector<ggml_tensor*> parts;
  for (size_t i = 0; i < groups_.size(); ++i) parts.push_back(self_group(layer, groups_[i], q, masks[i]));
  return ggml_add(c, linear(c, join(parts), w.out), x);
}

void DecoderGraph::capture(size_t layer, int index, ggml_tensor* weights) {
  ggml_context* c = context_.get();
  for (size_t i = 0; i < heads_.size(); ++i) {
    if (heads_[i].layer != int(layer)) continue;
    ggml_tensor* all_rows = ggml_view_4d(c, weights, weights->ne[0], weights->ne[1], 1, weights->ne[3], weights->nb[1], weights->nb[2],
                                         weights->nb[3], heads_[i].head * weights->nb[2]);
    ggml_tensor* head = ggml_cont(c, all_rows);
    ggml_set_output(head);
    ggml_build_forward_expand(graph_, head);
    attention[i].push_back({index, head});
  }
}

ggml_tensor* DecoderGraph::cross_group(size_t layer, int index, ggml_tensor* q) {
  ggml_context* c = context_.get();
  const RowGroup& g = groups_[index];
  const int heads = model_.hparams.n_text_head;
  ggml_tensor *k = slots_.cross_keys[layer], *v = slots_.cross_values[layer];
  const int64_t size = k->ne[0] / heads;
  k = ggml_view_4d(c, k, size, g.frames, heads, g.slots, k->nb[1], size * k->nb[0], k->nb[2], g.first_slot * k->nb[2]);
  v = ggml_view_4d(c, v, g.frames, size, heads, g.slots, v->nb[1], size * v->nb[1], v->nb[2], g.first_slot * v->nb[2]);
  const float scale = std::pow(float(size), -0.25f);
  ggml_tensor* weights = ggml_soft_max_ext(c, ggml_mul_mat(c, k, split_heads(c, q, g, heads)), frame_masks[index], scale, 0.0f);
  if (g.attention) capture(layer, index, weights);
  ggml_tensor* y = ggml_mul_mat(c, v, weights);
  return ggml_cont_2d(c, ggml_permute(c, y, 0, 2, 1, 3), q->ne[0], int64_t(g.rows) * g.slots);
}

ggml_tensor* DecoderGraph::cross_attention(size_t layer, ggml_tensor* x) {
  ggml_context* c = context_.get();
  const Attention& w = model_.weights.decoder[layer].cross;
  ggml_tensor* q = linear(c, norm(c, x, w.norm), w.q);
  std::vector<ggml_tensor*> parts;
  for (size_t i = 0; i < groups_.size(); ++i) parts.push_back(cross_group(layer, int(i), q));
  return ggml_add(c, linear(c, join(parts), w.out), x);
}

ggml_cgraph* DecoderGraph::build(const std::vector<RowGroup>& groups, int rows, int logit_rows) {
  const Weights& w = model_.weights;
  const size_t nodes = w.decoder.size() * (72 + 16 * groups.size() + 4 * heads_.size() * groups.size()) + 64;
  context_.reset(ggml_init({(nodes + 64) * ggml_tensor_overhead() + ggml_graph_overhead_custom(nodes, false), nullptr, true}));
  ggml_context* c = context_.get();
  graph_ = ggml_new_graph_custom(c, nodes, false);
  groups_ = groups;
  rows_ = rows;
  logit_rows_ = logit_rows;
  attention.assign(heads_.size(), {});
  const auto input = [&](ggml_type type, int64_t n) {
    ggml_tensor* t = ggml_new_tensor_1d(c, type, n);
    ggml_set_input(t);
    return t;
  };
  tokens = input(GGML_TYPE_I32, rows);
  positions = input(GGML_TYPE_I32, rows);
  cells = input(GGML_TYPE_I64, rows);
  logit_index = logit_rows > 0 ? input(GGML_TYPE_I32, logit_rows) : nullptr;
  masks.clear();
  frame_masks.clear();
  for (const RowGroup& g : groups_) {
    masks.push_back(ggml_new_tensor_4d(c, GGML_TYPE_F16, g.keys, g.rows, 1, g.slots));
    frame_masks.push_back(ggml_new_tensor_4d(c, GGML_TYPE_F16, g.frames, g.rows, 1, g.slots));
    ggml_set_input(masks.back());
    ggml_set_input(frame_masks.back());
  }
  ggml_tensor* x = ggml_add(c, ggml_get_rows(c, w.token_embedding, tokens), ggml_get_rows(c, w.decoder_positions, positions));
  for (size_t i = 0; i < w.decoder.size(); ++i) x = mlp(c, cross_attention(i, self_attention(i, x)), w.decoder[i].mlp);
  logits = nullptr;
  if (logit_index) {
    if (logit_rows < rows) x = ggml_get_rows(c, x, logit_index);
    logits = product(c, w.token_embedding, norm(c, x, w.decoder_norm));
    ggml_set_output(logits);
    ggml_build_forward_expand(graph_, logits);
  } else {
    ggml_build_forward_expand(graph_, x);
  }
  return graph_;
}

}  // namespace sotto::whisper
