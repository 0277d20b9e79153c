#include "fast/fast_decoder.h"

#include <algorithm>

#include "fast/share.h"

namespace sotto::batch {
namespace {

constexpr int kTogether = 6;  // rows that share one pass over a slot's cross-attention
constexpr int kPanel = 16;

}  // namespace

FastDecoder::FastDecoder(const Hparams& hp, const FastWeights& weights, const FastSlots& slots,
                         const std::vector<AlignmentHead>& heads, Team& team)
    : hparams_(hp),
      weights_(weights),
      slots_(slots),
      alignment_heads_(heads),
      team_(team),
      state_(hp.n_text_state),
      heads_(hp.n_text_head) {}

void FastDecoder::prepare(const std::vector<Row>& rows, RowResults& results) {
  count_ = static_cast<int>(rows.size());
  logit_count_ = 0;
  groups_.clear();
  attention_place_.assign(rows.size(), -1);
  int wanted = 0;
  for (int r = 0; r < count_; ++r) {
    if (r == 0 || rows[r].slot != rows[r - 1].slot) groups_.push_back({r, 0});
    groups_.back().count += 1;
    logit_count_ += rows[r].wants_logits;
    if (rows[r].wants_attention) attention_place_[r] = wanted++;
  }
  x_.resize(size_t(count_) * state_);
  wide_.resize(size_t(count_) * 4 * state_);
  attended_.resize(x_.size());
  results.stride = weights_.embedding.rows();
  logits_.resize(logit_count_ * results.stride);
  results.logits = logits_.data();
  results.attention.resize(size_t(wanted) * alignment_heads_.size() * hparams_.n_audio_ctx);
}

void FastDecoder::embed(const std::vector<Row>& rows, int worker) {
  const Share share = share_of(count_, worker, team_.size());
  for (int r = share.begin; r < share.end; ++r) {
    float* x = x_.data() + size_t(r) * state_;
    kernels::unpack_row(weights_.embedding.panels(), rows[r].token, x);
    const float* position = weights_.decoder_positions.data() + size_t(rows[r].position) * state_;
    for (int i = 0; i < state_; ++i) x[i] += position[i];
  }
}

// Every thread normalises all rows for itself: cheaper than another meeting.
void FastDecoder::normalise(const FastNorm& norm, Scratch& scratch) const {
  kernels::layer_norm(x_.data(), state_, count_, norm.weight.data(), norm.bias.data(), kLayerNormEpsilon, scratch.normed.data());
}

void FastDecoder::multiply(const PackedMatrix& matrix, const kernels::Product& product, int worker) {
  const Share share = share_of(matrix.panel_count(), worker, team_.size());
  kernels::multiply(matrix.panels(), share.begin, share.end, product);
  team_.barrier();
}

void FastDecoder::self_attention(size_t layer, const std::vector<Row>& rows, int worker, Scratch& scratch) {
  const int stride = 3 * state_;
  const Share jobs = share_of(static_cast<int>(groups_.size()) * heads_, worker, team_.size());
  for (int job = jobs.begin; job < jobs.end; ++job) {
    const Group& group = groups_[job / heads_];
    const int at = job % heads_ * kernels::kHead;
    float* keys = slots_.self_keys(rows[group.first].slot, static_cast<int>(layer)) + at;
    float* values = slots_.self_values(rows[group.first].slot, static_cast<int>(layer)) + at;
    for (int r = group.first; r < group.first + group.count; ++r) {
      const float* qkv = wide_.data() + size_t(r) * stride + at;
      std::copy_n(qkv + state_, kernels::kHead, keys + size_t(rows[r].cell) * state_);
      std::copy_n(qkv + 2 * state_, kernels::kHead, values + size_t(rows[r].cell) * state_);
    }
    for (int r = group.first; r < group.first + group.count; ++r)
      kernels::self_attend(wide_.data() + size_t(r) * stride + at, keys, values, state_, rows[r].cells->data(), rows[r].history,
                           attended_.data() + size_t(r) * state_ + at, scratch.weights.data());
  }
  team_.barrier();
}

void FastDecoder::capture(size_t layer, int head, int first, int count, const std::vector<Row>& rows, const float* weights,
                          RowResults& results) const {
  const size_t frames = hparams_.n_audio_ctx, width = (frames + kPanel - 1) / kPanel * kPanel;
  for (size_t a = 0; a < alignment_heads_.size(); ++a) {
    if (alignment_heads_[a].layer != static_cast<int>(layer) || alignment_heads_[a].head != head) continue;
    for (int r = 0; r < count; ++r) {
      if (!rows[first + r].wants_attention) continue;
      const size_t place = size_t(attention_place_[first + r]) * alignment_heads_.size() + a;
      std::copy_n(weights + r * width, frames, results.attention.data() + place * frames);
    }
  }
}

void FastDecoder::cross_group(size_t layer, const Group& group, int head, const std::vector<Row>& rows, Scratch& scratch,
                              RowResults& results) {
  const kernels::PackedHalf packed = slots_.cross(rows[group.first].slot, static_cast<int>(layer), head);
  const int passes = (group.count + kTogether - 1) / kTogether;
  for (int pass = 0; pass < passes; ++pass) {
    const Share share = share_of(group.count, pass, passes);
    const int first = group.first + share.begin;
    const size_t at = size_t(first) * state_ + head * kernels::kHead;
    kernels::cross_attend(packed, wide_.data() + at, state_, share.size(), attended_.data() + at, state_, scratch.weights.data());
    capture(layer, head, first, share.size(), rows, scratch.weights.data(), results);
  }
}

void FastDecoder::cross_attention(size_t layer, const std::vector<Row>& rows, int worker, Scratch& scratch, RowResults& results) {
  const Share jobs = share_of(static_cast<int>(groups_.size()) * heads_, worker, team_.size());
  for (int job = jobs.begin; job < jobs.end; ++job) cross_group(layer, groups_[job / heads_], job % heads_, rows, scratch, results);
  team_.barrier();
}

void FastDecoder::layer(size_t index, const std::vector<Row>& rows, int worker, Scratch& scratch, RowResults& results) {
  const FastDecoderLayer& w = weights_.decoder[index];
  const kernels::Product add{attended_.data(), state_, count_, x_.data(), state_, x_.data()};
  normalise(w.self.norm, scratch);
  multiply(w.self.qkv, {scratch.normed.data(), state_, count_, wide_.data(), 3 * state_}, worker);
  self_attention(index, rows, worker, scratch);
  multiply(w.self.out, add, worker);
  normalise(w.cross.norm, scratch);
  multiply(w.cross.q, {scratch.normed.data(), state_, count_, wide_.data(), state_}, worker);
  cross_attention(index, rows, worker, scratch, results);
  multiply(w.cross.out, add, worker);
  normalise(w.mlp.norm, scratch);
  multiply(w.mlp.up, {scratch.normed.data(), state_, count_, wide_.data(), 4 * state_, nullptr, true}, worker);
  multiply(w.mlp.down, {wide_.data(), 4 * state_, count_, x_.data(), state_, x_.data()}, worker);
}

void FastDecoder::head(const std::vector<Row>& rows, int worker, Scratch& scratch) {
  if (logit_count_ == 0) return;
  normalise(weights_.decoder_norm, scratch);
  int wanted = 0;
  for (int r = 0; r < count_; ++r)
    if (rows[r].wants_logits) std::copy_n(scratch.normed.data() + size_t(r) * state_, state_, scratch.normed.data() + size_t(wanted++) * state_);
  const int stride = weights_.embedding.rows();
  multiply(weights_.embedding, {scratch.normed.data(), state_, logit_count_, logits_.data(), stride}, worker);
}

void FastDecoder::decode(const std::vector<Row>& rows, RowResults& results) {
  prepare(rows, results);
  const size_t frames = (hparams_.n_audio_ctx + kPanel - 1) / kPanel * kPanel;
  size_t longest = kTogether * frames;
  for (const Row& row : rows) longest = std::max(longest, size_t(row.history));
  team_.run([&](int worker) {
    Scratch scratch{std::vector<float>(x_.size()), std::vector<float>(longest)};
    embed(rows, worker);
    team_.barrier();
    for (size_t i = 0; i < weights_.decoder.size(); ++i) layer(i, rows, worker, scratch, results);
    head(rows, worker, scratch);
  });
}

}  // namespace sotto::batch
