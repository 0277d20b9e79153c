#include "fast/fast_encoder.h"

#include <algorithm>

#include "fast/attend_room.h"
#include "fast/share.h"

namespace sotto::whisper {
namespace {

using kernels::kHead;
using kernels::kPanel;
constexpr int kBlock = 96;  // frames that go through a layer's products together: their activations stay in cache

}  // namespace

struct FastEncoder::Own {
  Own(int state, size_t padded_frames)
      : floats(size_t(kBlock) * 4 * state), narrow(kBlock, 1, state), wide(kBlock, 4, state), attention(padded_frames) {}

  int first = 0, end = 0;  // frames, whole panels of 16
  std::vector<float> floats;
  FixedRows narrow, wide;
  AttendRoom attention;

  template <typename Work>
  void each_block(Work work) const {
    for (int f = first; f < end; f += kBlock) work(f, std::min(kBlock, end - f));
  }
};

FastEncoder::FastEncoder(const Hparams& hp, const FastWeights& weights, const FastSlots& slots, Team& team)
    : hparams_(hp),
      weights_(weights),
      slots_(slots),
      team_(team),
      state_(hp.n_audio_state),
      frames_(hp.n_audio_ctx),
      mel_(2 * frames_ + 2, 1, hp.n_mels),
      convolved_(2 * frames_ + 1, 1, state_),
      x_(size_t(frames_) * state_),
      queries_(frames_, hp.n_audio_head, kHead),
      heads_(hp.n_audio_head, frames_) {
  for (int worker = 0; worker < team.size(); ++worker) own_.emplace_back(state_, heads_.padded_frames());
}

FastEncoder::~FastEncoder() = default;

void FastEncoder::share_frames() {
  const int panels = (frames_ + kPanel - 1) / kPanel;
  for (int worker = 0; worker < team_.size(); ++worker) {
    const Share share = share_of(panels, worker, team_.size());
    own_[worker].first = std::min(share.begin * kPanel, frames_);
    own_[worker].end = std::min(share.end * kPanel, frames_);
  }
}

void FastEncoder::set_mel(const Mel& mel, const Stretch& stretch) {
  const int stored = std::clamp(mel.stored_frames() - stretch.first_frame, 0, 2 * frames_);
  mel_.put(1, mel.data.data() + size_t(stretch.first_frame) * mel.n_mel, mel.n_mel, stored);
  const std::vector<float> silence(mel.n_mel, mel.silence), nothing(mel.n_mel, 0.0f);
  mel_.put(1 + stored, silence.data(), 0, 2 * frames_ - stored);
  mel_.put(1 + 2 * frames_, nothing.data(), 0, 1);
}

void FastEncoder::normalise(const FastNorm& norm, int first, int count, Own& own) const {
  kernels::layer_norm(x_.data() + size_t(first) * state_, state_, count, norm.weight.data(), norm.bias.data(), kLayerNormEpsilon,
                      own.floats.data());
  own.narrow.put(0, own.floats.data(), state_, count);
}

void FastEncoder::multiply(const PackedMatrix& matrix, const kernels::Product& product) const {
  set_.multiply(matrix.panels(), 0, matrix.panel_count(), product);
}

// A convolution of width 3 is a product over three rows in a row: no rearranging, since rows are time-major.
void FastEncoder::convolve(Own& own) {
  own.each_block([&](int first, int count) {
    kernels::Product product = mel_.product(2 * first, 1, 2 * count, own.floats.data(), state_);
    product.gelu = true;
    multiply(weights_.conv1, product);
    convolved_.put(2 * first + 1, own.floats.data(), state_, 2 * count);
  });
  team_.barrier();
  kernels::Product product = convolved_.product(2 * own.first, 2, own.end - own.first, x_.data() + size_t(own.first) * state_, state_);
  product.gelu = true;
  multiply(weights_.conv2, product);
  for (size_t i = size_t(own.first) * state_; i < size_t(own.end) * state_; ++i) x_[i] += weights_.encoder_positions[i];
}

void FastEncoder::attend(const FastSelf& weights, Own& own) {
  const int heads = hparams_.n_audio_head;
  own.each_block([&](int first, int count) {
    normalise(weights.norm, first, count, own);
    const float* qkv = own.floats.data();
    multiply(weights.qkv, own.narrow.product(0, 1, count, own.floats.data(), 3 * state_));
    queries_.put(first, qkv, 3 * state_, count);
    for (int h = 0; h < heads; ++h)
      kernels::fix_frames(heads_.head(h, frames_), first, count, qkv + state_ + h * kHead, qkv + 2 * state_ + h * kHead, 3 * state_);
  });
  team_.barrier();
  own.each_block([&](int first, int count) {
    for (int h = 0; h < heads; ++h)
      for (int q = 0; q < count; q += kernels::kQueries) {
        const int rows = std::min(kernels::kQueries, count - q);
        set_.attend(heads_.head(h, frames_), {queries_.values(first + q) + h * kHead, queries_.scales(first + q) + h, state_, heads, rows},
                    own.floats.data() + size_t(q) * state_ + h * kHead, state_, own.attention.scratch());
      }
    own.narrow.put(0, own.floats.data(), state_, count);
    add(weights.out, own.narrow, first, count);
  });
}

void FastEncoder::add(const PackedMatrix& matrix, const FixedRows& rows, int first, int count) {
  float* x = x_.data() + size_t(first) * state_;
  kernels::Product product = rows.product(0, 1, count, x, state_);
  product.residual = x;
  multiply(matrix, product);
}

void FastEncoder::mlp(const FastMlp& weights, Own& own) {
  own.each_block([&](int first, int count) {
    normalise(weights.norm, first, count, own);
    kernels::Product up = own.narrow.product(0, 1, count, own.floats.data(), 4 * state_);
    up.gelu = true;
    multiply(weights.up, up);
    own.wide.put(0, own.floats.data(), 4 * state_, count);
    add(weights.down, own.wide, first, count);
  });
}

void FastEncoder::cross(int slot, Own& own) {
  own.each_block([&](int first, int count) {
    normalise(weights_.encoder_norm, first, count, own);
    for (size_t i = 0; i < weights_.decoder.size(); ++i) {
      multiply(weights_.decoder[i].cross.kv, own.narrow.product(0, 1, count, own.floats.data(), 2 * state_));
      for (int h = 0; h < hparams_.n_text_head; ++h) {
        const float* keys = own.floats.data() + h * kHead;
        kernels::fix_frames(slots_.cross(slot, int(i), h), first, count, keys, keys + state_, 2 * state_);
      }
    }
  });
}

bool FastEncoder::encode(const Mel& mel, const Stretch& stretch, int slot, const std::atomic<bool>& cancelled) {
  stop_ = false;
  frames_ = stretch.frames;
  share_frames();
  set_mel(mel, stretch);
  team_.run([&](int worker) {
    Own& own = own_[worker];
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

}  // namespace sotto::whisper
