#include "fast/fast_encoder.h"

#include <algorithm>

#include "fast/share.h"

namespace sotto::batch {
namespace {

constexpr int kPanel = 16;
constexpr int kBlock = 96;  // frames that go through a layer's products together: their activations stay in cache

void normalise(const FastNorm& norm, const float* x, int size, int rows, float* y) {
  kernels::layer_norm(x, size, rows, norm.weight.data(), norm.bias.data(), kLayerNormEpsilon, y);
}

void multiply(const PackedMatrix& matrix, const kernels::Product& product) {
  kernels::multiply(matrix.panels(), 0, matrix.panel_count(), product);
}

}  // namespace

struct FastEncoder::Own {
  int first, end;  // frames, whole panels of 16
  std::vector<float> normed, wide, attended, weights;

  template <typename Work>
  void each_block(Work work) const {
    for (int f = first; f < end; f += kBlock) work(f, std::min(kBlock, end - f));
  }
};

FastEncoder::FastEncoder(const Hparams& hp, const FastWeights& weights, const FastSlots& slots, Team& team)
    : hparams_(hp), weights_(weights), slots_(slots), team_(team), frames_(hp.n_audio_ctx), state_(hp.n_audio_state) {
  mel_.assign(size_t(2 * frames_ + 2) * hp.n_mels, 0.0f);
  convolved_.assign(size_t(2 * frames_ + 1) * state_, 0.0f);
  x_.resize(size_t(frames_) * state_);
  queries_.resize(x_.size());
  const size_t panels = size_t(frames_ + kPanel - 1) / kPanel;
  keys_.assign(panels * kPanel * state_, 0.0f);
  values_.assign(x_.size(), 0.0f);
}

void FastEncoder::set_mel(const Mel& mel, int first_frame) {
  const int stored = std::clamp(mel.stored_frames() - first_frame, 0, 2 * frames_);
  const float* from = mel.data.data() + size_t(first_frame) * mel.n_mel;
  float* to = mel_.data() + mel.n_mel;
  std::copy(from, from + size_t(stored) * mel.n_mel, to);
  std::fill(to + size_t(stored) * mel.n_mel, to + size_t(2 * frames_) * mel.n_mel, mel.silence);
}

// A convolution of width 3 is a product over three rows in a row: no rearranging, since rows are time-major.
void FastEncoder::convolve(Own& own) {
  const int begin = 2 * own.first, count = 2 * (own.end - own.first);
  kernels::Product first{mel_.data() + size_t(begin) * hparams_.n_mels, hparams_.n_mels, count,
                         convolved_.data() + size_t(begin + 1) * state_, state_, nullptr, true};
  multiply(weights_.conv1, first);
  team_.barrier();
  kernels::Product second{convolved_.data() + size_t(begin) * state_, 2 * state_, own.end - own.first,
                          x_.data() + size_t(own.first) * state_, state_, nullptr, true};
  multiply(weights_.conv2, second);
  for (size_t i = size_t(own.first) * state_; i < size_t(own.end) * state_; ++i) x_[i] += weights_.encoder_positions[i];
}

void FastEncoder::attend(const FastSelf& weights, Own& own) {
  const int heads = hparams_.n_audio_head;
  own.each_block([&](int first, int count) {
    normalise(weights.norm, x_.data() + size_t(first) * state_, state_, count, own.normed.data());
    multiply(weights.qkv, {own.normed.data(), state_, count, own.wide.data(), 3 * state_});
    for (int r = 0; r < count; ++r)
      std::copy_n(own.wide.data() + size_t(r) * 3 * state_, state_, queries_.data() + size_t(first + r) * state_);
    kernels::pack_frames(packed(), heads, first, count, own.wide.data() + state_, own.wide.data() + 2 * state_, 3 * state_);
  });
  team_.barrier();
  own.each_block([&](int first, int count) {
    kernels::attend(packed(), heads, queries_.data() + size_t(first) * state_, state_, count, own.attended.data(), state_, own.weights.data());
    float* x = x_.data() + size_t(first) * state_;
    multiply(weights.out, {own.attended.data(), state_, count, x, state_, x});
  });
}

void FastEncoder::mlp(const FastMlp& weights, Own& own) {
  own.each_block([&](int first, int count) {
    float* x = x_.data() + size_t(first) * state_;
    normalise(weights.norm, x, state_, count, own.normed.data());
    multiply(weights.up, {own.normed.data(), state_, count, own.wide.data(), 4 * state_, nullptr, true});
    multiply(weights.down, {own.wide.data(), 4 * state_, count, x, state_, x});
  });
}

void FastEncoder::cross(int slot, Own& own) {
  own.each_block([&](int first, int count) {
    normalise(weights_.encoder_norm, x_.data() + size_t(first) * state_, state_, count, own.normed.data());
    for (size_t i = 0; i < weights_.decoder.size(); ++i) {
      multiply(weights_.decoder[i].cross.kv, {own.normed.data(), state_, count, own.wide.data(), 2 * state_});
      for (int h = 0; h < hparams_.n_text_head; ++h) {
        const float* keys = own.wide.data() + h * kernels::kHead;
        kernels::pack_half(slots_.cross(slot, static_cast<int>(i), h), first, count, keys, keys + state_, 2 * state_);
      }
    }
  });
}

bool FastEncoder::encode(const Mel& mel, int first_frame, int slot, const std::atomic<bool>& cancelled) {
  stop_ = false;
  set_mel(mel, first_frame);
  const int panels = (frames_ + kPanel - 1) / kPanel;
  team_.run([&](int worker) {
    const Share share = share_of(panels, worker, team_.size());
    Own own{share.begin * kPanel, std::min(share.end * kPanel, frames_), {}, {}, {}, {}};
    own.normed.resize(size_t(kBlock) * state_);
    own.wide.resize(size_t(kBlock) * 4 * state_);
    own.attended.resize(size_t(kBlock) * state_);
    own.weights.resize(kernels::attend_scratch(frames_));
    convolve(own);
    for (size_t i = 0; i < weights_.encoder.size(); ++i) {
      team_.barrier();  // nobody still reads the keys and values of the layer before
      if (stop_) return;
      attend(weights_.encoder[i].self, own);
      mlp(weights_.encoder[i].mlp, own);
      if (worker == 0) stop_ = cancelled.load();
    }
    cross(slot, own);
  });
  return !cancelled;
}

}  // namespace sotto::batch
