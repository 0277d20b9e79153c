// whisper.cpp (patched) and what we add to it as one translation unit: the additions need its internals.
#include "whisper.cpp"

#include "whisper_unit.h"

namespace sotto {

namespace {

// Padding a state's self-attention cache leaves between decoders: whisper.cpp's own factor.
constexpr int kCacheSlack = 2;

// One token sequence run through the decoder up to the last alignment head, without cache and without logits.
class AlignmentGraph {
 public:
  AlignmentGraph(whisper_context& ctx, whisper_state& state, int tokens, int frames, const std::vector<AlignmentHead>& heads)
      : ctx_(ctx), state_(state), hparams_(ctx.model.hparams), tokens_(tokens), frames_(frames), heads_(heads) {
    const size_t nodes = 8192;
    meta_.resize(ggml_tensor_overhead() * nodes + ggml_graph_overhead_custom(nodes, false));
    ggml_init_params params = {meta_.size(), meta_.data(), /*no_alloc*/ true};
    g_ = ggml_init(params);
    graph_ = ggml_new_graph_custom(g_, nodes, false);
    build();
  }
  ~AlignmentGraph() { ggml_free(g_); }

  bool compute(const std::vector<int32_t>& ids, int threads, ggml_abort_callback abort, void* abort_data, std::vector<float>& out) {
    ggml_backend_sched_t sched = state_.sched_decode.sched;
    if (!ggml_backend_sched_alloc_graph(sched, graph_)) return false;
    set_inputs(ids);
    if (!ggml_graph_compute_helper(sched, graph_, threads, true, abort, abort_data)) return false;
    const size_t per_head = (size_t)frames_ * tokens_;
    out.resize(per_head * heads_.size());
    for (size_t h = 0; h < heads_.size(); ++h) {
      ggml_backend_tensor_get(weights_[h], out.data() + h * per_head, 0, per_head * sizeof(float));
    }
    return true;
  }

 private:
  ggml_tensor* norm(ggml_tensor* x, ggml_tensor* w, ggml_tensor* b) {
    return ggml_add(g_, ggml_mul(g_, ggml_norm(g_, x, hparams_.eps), w), b);
  }
  ggml_tensor* linear(ggml_tensor* w, ggml_tensor* b, ggml_tensor* x) { return ggml_add(g_, ggml_mul_mat(g_, w, x), b); }
  // [n_state, n] -> [n_state_head, n, n_head]
  ggml_tensor* split(ggml_tensor* x) {
    return ggml_permute(g_, ggml_reshape_3d(g_, x, head_size(), hparams_.n_text_head, tokens_), 0, 2, 1, 3);
  }
  int head_size() const { return hparams_.n_text_state / hparams_.n_text_head; }

  ggml_tensor* self_attention(const whisper_layer_decoder& layer, ggml_tensor* x) {
    ggml_tensor* cur = norm(x, layer.attn_ln_0_w, layer.attn_ln_0_b);
    ggml_tensor* q = split(linear(layer.attn_q_w, layer.attn_q_b, cur));
    ggml_tensor* k = split(ggml_mul_mat(g_, layer.attn_k_w, cur));
    ggml_tensor* v = split(linear(layer.attn_v_w, layer.attn_v_b, cur));
    ggml_tensor* kq = ggml_soft_max_ext(g_, ggml_mul_mat(g_, k, q), mask_, 1.0f / sqrtf((float)head_size()), 0.0f);
    ggml_tensor* kqv = ggml_mul_mat(g_, ggml_cont(g_, ggml_transpose(g_, v)), kq);
    cur = ggml_cont_2d(g_, ggml_permute(g_, kqv, 0, 2, 1, 3), hparams_.n_text_state, tokens_);
    return ggml_add(g_, linear(layer.attn_ln_1_w, layer.attn_ln_1_b, cur), x);
  }

  ggml_tensor* cross_keys(int il, int frames, int first_head, int heads) {
    const auto& k = *state_.kv_cross.k;
    const size_t row = ggml_element_size(&k) * hparams_.n_text_state;
    const size_t head = ggml_element_size(&k) * head_size();
    const int stride = ctx_.params.flash_attn ? GGML_PAD(hparams_.n_audio_ctx, 256) : hparams_.n_audio_ctx;
    return ggml_view_3d(g_, state_.kv_cross.k, head_size(), frames, heads, row, head, row * stride * il + head * first_head);
  }

  ggml_tensor* cross_output(const whisper_layer_decoder& layer, int il, ggml_tensor* q) {
    const auto& v = *state_.kv_cross.v;
    const size_t element = ggml_element_size(&v);
    const float scale = pow(float(head_size()), -0.25);
    const int ctx = hparams_.n_audio_ctx, state = hparams_.n_text_state, heads = hparams_.n_text_head;
    ggml_tensor* cur;
    if (ctx_.params.flash_attn) {
      const int kv = whisper_n_kv_flash(state_, ctx);
      ggml_tensor* values = ggml_view_3d(g_, state_.kv_cross.v, head_size(), kv, heads, element * state, element * head_size(),
                                         element * state * GGML_PAD(ctx, 256) * il);
      cur = ggml_flash_attn_ext(g_, q, cross_keys(il, kv, 0, heads), values, nullptr, scale, 0.0f, 0.0f);
      cur = ggml_reshape_2d(g_, cur, state, tokens_);
    } else {
      ggml_tensor* values = ggml_view_3d(g_, state_.kv_cross.v, ctx, head_size(), heads, ctx * element, ctx * element * head_size(),
                                         ctx * element * state * il);
      ggml_tensor* kq = ggml_soft_max_ext(g_, ggml_mul_mat(g_, cross_keys(il, ctx, 0, heads), q), nullptr, scale, 0.0f);
      cur = ggml_cont_2d(g_, ggml_permute(g_, ggml_mul_mat(g_, values, kq), 0, 2, 1, 3), state, tokens_);
    }
    return linear(layer.cross_attn_ln_1_w, layer.cross_attn_ln_1_b, cur);
  }

  void take_heads(int il, ggml_tensor* q) {
    const float scale = pow(float(head_size()), -0.25);
    for (size_t h = 0; h < heads_.size(); ++h) {
      if (heads_[h].layer != il) continue;
      ggml_tensor* qh = ggml_view_2d(g_, q, head_size(), tokens_, q->nb[1], q->nb[2] * heads_[h].head);
      ggml_tensor* kh = cross_keys(il, frames_, heads_[h].head, 1);
      ggml_tensor* w = ggml_soft_max_ext(g_, ggml_mul_mat(g_, kh, qh), nullptr, scale, 0.0f);
      ggml_set_output(w);
      ggml_build_forward_expand(graph_, w);
      weights_[h] = w;
    }
  }

  void build() {
    const auto& model = ctx_.model;
    embd_ = ggml_new_tensor_1d(g_, GGML_TYPE_I32, tokens_);
    position_ = ggml_new_tensor_1d(g_, GGML_TYPE_I32, tokens_);
    mask_ = ggml_new_tensor_2d(g_, GGML_TYPE_F32, tokens_, tokens_);
    for (ggml_tensor* input : {embd_, position_, mask_}) ggml_set_input(input);
    weights_.resize(heads_.size());
    int last = 0;
    for (const auto& h : heads_) last = std::max(last, h.layer);

    ggml_tensor* x = ggml_add(g_, ggml_get_rows(g_, model.d_te, embd_), ggml_get_rows(g_, model.d_pe, position_));
    for (int il = 0; il <= last; ++il) {
      const auto& layer = model.layers_decoder[il];
      x = self_attention(layer, x);
      ggml_tensor* cur = norm(x, layer.cross_attn_ln_0_w, layer.cross_attn_ln_0_b);
      ggml_tensor* q = split(linear(layer.cross_attn_q_w, layer.cross_attn_q_b, cur));
      take_heads(il, q);
      if (il == last) return;
      x = ggml_add(g_, cross_output(layer, il, q), x);
      cur = ggml_gelu(g_, linear(layer.mlp_0_w, layer.mlp_0_b, norm(x, layer.mlp_ln_w, layer.mlp_ln_b)));
      x = ggml_add(g_, linear(layer.mlp_1_w, layer.mlp_1_b, cur), x);
    }
  }

  void set_inputs(const std::vector<int32_t>& ids) {
    std::vector<int32_t> positions(tokens_);
    std::vector<float> mask((size_t)tokens_ * tokens_, 0.0f);
    for (int i = 0; i < tokens_; ++i) {
      positions[i] = i;
      for (int j = i + 1; j < tokens_; ++j) mask[(size_t)i * tokens_ + j] = -INFINITY;
    }
    ggml_backend_tensor_set(embd_, ids.data(), 0, ids.size() * sizeof(int32_t));
    ggml_backend_tensor_set(position_, positions.data(), 0, positions.size() * sizeof(int32_t));
    ggml_backend_tensor_set(mask_, mask.data(), 0, mask.size() * sizeof(float));
  }

  whisper_context& ctx_;
  whisper_state& state_;
  const whisper_hparams& hparams_;
  const int tokens_, frames_;
  const std::vector<AlignmentHead>& heads_;
  std::vector<uint8_t> meta_;
  ggml_context* g_ = nullptr;
  ggml_cgraph* graph_ = nullptr;
  ggml_tensor *embd_ = nullptr, *position_ = nullptr, *mask_ = nullptr;
  std::vector<ggml_tensor*> weights_;
};

}  // namespace

bool cross_attention(whisper_context* ctx, whisper_state* state, const std::vector<int32_t>& ids, int frames,
                     const std::vector<AlignmentHead>& heads, int threads, ggml_abort_callback abort, void* abort_data,
                     std::vector<float>& out) {
  AlignmentGraph graph(*ctx, *state, (int)ids.size(), frames, heads);
  return graph.compute(ids, threads, abort, abort_data, out);
}

bool grow_decoders(whisper_context* ctx, whisper_state* state, int decoders) {
  const auto& hparams = ctx->model.hparams;
  whisper_kv_cache_free(state->kv_self);
  const int cells = GGML_PAD(hparams.n_text_ctx, 256) * (decoders > 1 ? decoders + kCacheSlack : 1);
  if (!whisper_kv_cache_init(state->kv_self, state->backends[0], ctx->itype, hparams.n_text_state, hparams.n_text_layer, cells)) {
    return false;
  }
  state->kv_self_n_dec = decoders;
  whisper_batch_prep_legacy(state->batch, nullptr, hparams.n_text_ctx, 0, 0);
  ggml_cgraph* largest = whisper_build_graph_decoder(*ctx, *state, state->batch, false, /*worst_case*/ true);
  const bool reserved = ggml_backend_sched_reserve(state->sched_decode.sched, largest);
  ggml_backend_sched_reset(state->sched_decode.sched);
  return reserved;
}

bool detect_language(whisper_context* ctx, whisper_state* state, int threads, ggml_abort_callback abort, void* abort_data,
                     std::vector<std::pair<std::string, float>>& probabilities) {
  if (!whisper_encode_internal(*ctx, *state, 0, threads, abort, abort_data)) return false;
  const whisper_token sot = whisper_token_sot(ctx);
  whisper_batch_prep_legacy(state->batch, &sot, 1, 0, 0);
  whisper_kv_cache_clear(state->kv_self);
  if (!whisper_decode_internal(*ctx, *state, state->batch, threads, false, abort, abort_data)) return false;

  // Only the languages this vocabulary has: upstream also reads the token after the last one.
  const int languages = ctx->vocab.num_languages();
  const float* logits = state->logits.data() + whisper_token_lang(ctx, 0);
  const float top = *std::max_element(logits, logits + languages);
  double sum = 0;
  for (int i = 0; i < languages; ++i) sum += std::exp((double)logits[i] - top);
  for (int i = 0; i < languages; ++i) {
    probabilities.emplace_back(whisper_lang_str(i), (float)(std::exp((double)logits[i] - top) / sum));
  }
  std::stable_sort(probabilities.begin(), probabilities.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return true;
}

bool has_language(const whisper_context* ctx, const std::string& code) {
  const auto known = g_lang.find(code);
  if (known == g_lang.end()) return false;
  return ctx->vocab.is_multilingual() ? known->second.first < ctx->vocab.num_languages() : code == "en";
}

int encoded_offset(const whisper_state* state) { return state->encoded_offset; }

float no_speech_probability(const whisper_state* state) { return state->no_speech_prob; }

std::vector<AlignmentHead> preset_heads(const whisper_context* ctx) {
  const auto& h = ctx->model.hparams;
  const bool english = !ctx->vocab.is_multilingual();
  whisper_alignment_heads_preset preset = WHISPER_AHEADS_NONE;
  if (h.n_text_layer == 4 && h.n_text_state == 384) preset = english ? WHISPER_AHEADS_TINY_EN : WHISPER_AHEADS_TINY;
  if (h.n_text_layer == 6 && h.n_text_state == 512) preset = english ? WHISPER_AHEADS_BASE_EN : WHISPER_AHEADS_BASE;
  if (h.n_text_layer == 12 && h.n_text_state == 768) preset = english ? WHISPER_AHEADS_SMALL_EN : WHISPER_AHEADS_SMALL;
  if (h.n_text_layer == 24 && h.n_text_state == 1024) preset = english ? WHISPER_AHEADS_MEDIUM_EN : WHISPER_AHEADS_MEDIUM;
  if (h.n_text_layer == 32 && h.n_text_state == 1280) preset = h.n_vocab == 51866 ? WHISPER_AHEADS_LARGE_V3 : WHISPER_AHEADS_LARGE_V2;
  if (h.n_text_layer == 4 && h.n_text_state == 1280) preset = WHISPER_AHEADS_LARGE_V3_TURBO;
  std::vector<AlignmentHead> heads;
  if (preset != WHISPER_AHEADS_NONE) {
    const auto& known = g_aheads.at(preset);
    for (size_t i = 0; i < known.n_heads; ++i) heads.push_back({known.heads[i].n_text_layer, known.heads[i].n_head});
  }
  return heads;
}

}  // namespace sotto
