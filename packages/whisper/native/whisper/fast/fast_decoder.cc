#include "fast/fast_decoder.h"

#include <algorithm>

#include "fast/share.h"

namespace sotto::whisper {
namespace {

using kernels::kHead;

}  // namespace

FastDecoder::FastDecoder(const Hparams& hp, const FastWeights& weights, const FastSlots& slots, const std::vector<AlignmentHead>& heads,
                         Team& team)
    : hparams_(hp),
      weights_(weights),
      slots_(slots),
      alignment_heads_(heads),
      team_(team),
      state_(hp.n_text_state),
      heads_(hp.n_text_head),
      scratch_(team.size(), Scratch(state_, heads_, slots.padded_frames())) {}

void FastDecoder::Scratch::fit(size_t rows, size_t numbers, size_t longest_history) {
  normed.resize(numbers);
  self_weights.resize(longest_history + 7);  // whole registers
  narrow.resize(rows);
  wide.resize(rows);
  queries.resize(rows);
}

void FastDecoder::prepare(const std::vector<Row>& rows, RowResults& results) {
  count_ = int(rows.size());
  logit_count_ = 0;
  groups_.clear();
  attention_place_.assign(rows.size(), -1);
  int wanted = 0, longest = 0;
  for (int r = 0; r < count_; ++r) {
    longest = std::max(longest, rows[r].history);
    if (r == 0 || rows[r].slot != rows[r - 1].slot) groups_.push_back({r, 0});
    groups_.back().count += 1;
    logit_count_ += rows[r].wants_logits;
    if (rows[r].wants_attention) attention_place_[r] = wanted++;
  }
  x_.resize(size_t(count_) * state_);
  wide_.resize(size_t(count_) * 4 * state_);
  attended_.resize(x_.size());
  for (Scratch& scratch : scratch_) scratch.fit(rows.size(), x_.size(), longest);
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
  scratch.narrow.put(0, scratch.normed.data(), state_, count_);
}

void FastDecoder::multiply(const PackedMatrix& matrix, const kernels::Product& product, int worker) {
  const Share share = share_of(matrix.panel_count(), worker, team_.size());
  set_.multiply(matrix.panels(), share.begin, share.end, product);
  team_.barrier();
}

void FastDecoder::add(const PackedMatrix& matrix, const FixedRows& rows, int worker) {
  kernels::Product product = rows.product(0, 1, count_, x_.data(), state_);
  product.residual = x_.data();
  multiply(matrix, product, worker);
}

void FastDecoder::self_attention(size_t layer, const std::vector<Row>& rows, int worker, Scratch& scratch) {
  const int stride = 3 * state_;
  const Share jobs = share_of(int(groups_.size()) * heads_, worker, team_.size());
  for (int job = jobs.begin; job < jobs.end; ++job) {
    const Group& group = groups_[job / heads_];
    const int at = job % heads_ * kHead;
    float* keys = slots_.self_keys(rows[group.first].slot, int(layer)) + at;
    float* values = slots_.self_values(rows[group.first].slot, int(layer)) + at;
    for (int r = group.first; r < group.first + group.count; ++r) {
      const float* qkv = wide_.data() + size_t(r) * stride + at;
      std::copy_n(qkv + state_, kHead, keys + size_t(rows[r].cell) * state_);
      std::copy_n(qkv + 2 * state_, kHead, values + size_t(rows[r].cell) * state_);
    }
    for (int r = group.first; r < group.first + group.count; ++r)
      kernels::self_attend(wide_.data() + size_t(r) * stride + at, keys, values, state_, rows[r].cells->data(), rows[r].history,
                           attended_.data() + size_t(r) * state_ + at, scratch.self_weights.data());
  }
  team_.barrier();
}

void FastDecoder::capture(size_t layer, int head, int first, int count, const std::vector<Row>& rows, const kernels::Frames& frames,
                          const kernels::AttendScratch& attention, RowResults& results) const {
  const size_t stride = hparams_.n_audio_ctx;
  for (size_t a = 0; a < alignment_heads_.size(); ++a) {
    if (alignment_heads_[a].layer != int(layer) || alignment_heads_[a].head != head) continue;
    for (int r = 0; r < count; ++r) {
      if (!rows[first + r].wants_attention) continue;
      const size_t place = size_t(attention_place_[first + r]) * alignment_heads_.size() + a;
      const float* weights = attention.weights + size_t(r) * frames.padded();
      float* to = results.attention.data() + place * stride;
      float* end =
          std::transform(weights, weights + frames.count, to, [share = 1.0f / attention.sums[r]](float weight) { return weight * share; });
      std::fill(end, to + stride, 0.0f);
    }
  }
}

void FastDecoder::cross_group(size_t layer, const Group& group, int head, const std::vector<Row>& rows, Scratch& scratch,
                              RowResults& results) {
  const kernels::Frames frames = slots_.cross(rows[group.first].slot, int(layer), head);
  for (int r = 0; r < group.count; r += kernels::kQueries) {
    const int first = group.first + r, count = std::min(kernels::kQueries, group.count - r);
    set_.attend(frames, {scratch.queries.values(first) + head * kHead, scratch.queries.scales(first) + head, state_, heads_, count},
                attended_.data() + size_t(first) * state_ + head * kHead, state_, scratch.attention.scratch());
    capture(layer, head, first, count, rows, frames, scratch.attention.scratch(), results);
  }
}

void FastDecoder::cross_attention(size_t layer, const std::vector<Row>& rows, int worker, Scratch& scratch, RowResults& results) {
  scratch.queries.put(0, wide_.data(), state_, count_);
  const Share jobs = share_of(int(groups_.size()) * heads_, worker, team_.size());
  for (int job = jobs.begin; job < jobs.end; ++job) cross_group(layer, groups_[job / heads_], job % heads_, rows, scratch, results);
  team_.barrier();
}

void FastDecoder::layer(size_t index, const std::vector<Row>& rows, int worker, Scratch& scratch, RowResults& results) {
  const FastDecoderLayer& w = weights_.decoder[index];
  normalise(w.self.norm, scratch);
  multiply(w.self.qkv, scratch.narrow.product(0, 1, count_, wide_.data(), 3 * state_), worker);
  self_attention(index, rows, worker, scratch);
  scratch.narrow.put(0, attended_.data(), state_, count_);
  add(w.self.out, scratch.narrow, worker);
  normalise(w.cross.norm, scratch);
  multiply(w.cross.q, scratch.narrow.product(0, 1, count_, wide_.data(), state_), worker);
  cross_attention(index, rows, worker, scratch, results);
  scratch.narrow.put(0, attended_.data(), state_, count_);
  add(w.cross.out, scratch.narrow, worker);
  normalise(w.mlp.norm, scratch);
  kernels::Product up = scratch.narrow.product(0, 1, count_, wide_.data(), 4 * state_);
  up.gelu = true;
  multiply(w.mlp.up, up, worker);
  scratch.wide.put(0, wide_.data(), 4 * state_, count_);
  add(w.mlp.down, scratch.wide, worker);
}

void FastDecoder::head(const std::vector<Row>& rows, int worker, Scratch& scratch) {
  if (logit_count_ == 0) return;
  normalise(weights_.decoder_norm, scratch);
  int wanted = 0;
  for (int r = 0; r < count_; ++r)
    if (rows[r].wants_logits) scratch.narrow.put(wanted++, scratch.normed.data() + size_t(r) * state_, state_, 1);
  const int stride = weights_.embedding.rows();
  multiply(weights_.embedding, scratch.narrow.product(0, 1, logit_count_, logits_.data(), stride), worker);
}

void FastDecoder::decode(const std::vector<Row>& rows, RowResults& results) {
  prepare(rows, results);
  team_.run([&](int worker) {
    Scratch& scratch = scratch_[worker];
    embed(rows, worker);
    team_.barrier();
    for (size_t i = 0; i < weights_.decoder.size(); ++i) layer(i, rows, worker, scratch, results);
    head(rows, worker, scratch);
  });
}

}  // namespace sotto::whisper
