#include "fast/fast_mel.h"

#include <algorithm>
#include <cmath>

#include "audio/mel_transform.h"
#include "fast/kernels/kernels.h"
#include "fast/share.h"

namespace sotto::whisper {
namespace {

using kernels::kPanel;
constexpr int kBins = 208;   // 201, padded to whole panels
constexpr int kBlock = 96;   // frames at a time

float& at(std::vector<float>& panels, int k, int row, int column) {
  return panels[(size_t(row / kPanel) * k + column) * kPanel + row % kPanel];
}

}  // namespace

FastMel::FastMel(const MelFilters& filters)
    : n_mel_(filters.n_mel), transform_(size_t(2) * kBins * kFftSize, 0.0f), filters_(size_t(n_mel_ + 15) / 16 * 16 * kBins, 0.0f) {
  for (int k = 0; k < kFftBins; ++k)
    for (int n = 0; n < kFftSize; ++n) {
      const double hann = 0.5 * (1 - std::cos(2 * M_PI * n / kFftSize)), angle = 2 * M_PI * k * n / kFftSize;
      at(transform_, kFftSize, k, n) = float(hann * std::cos(angle));
      at(transform_, kFftSize, kBins + k, n) = float(-hann * std::sin(angle));
    }
  for (int m = 0; m < n_mel_; ++m)
    for (int k = 0; k < kFftBins; ++k) at(filters_, kBins, m, k) = filters.data[size_t(m) * filters.n_fft + k];
}

float FastMel::block(const float* padded, int first, int count, float* scratch, float* out) const {
  kernels::multiply_float(transform_.data(), kFftSize, 2 * kBins / kPanel, padded + size_t(first) * kFrameStep, kFrameStep, count, scratch,
                          2 * kBins);
  kernels::power_rows(scratch, kBins, count);
  kernels::multiply_float(filters_.data(), kBins, n_mel_ / kPanel, scratch, 2 * kBins, count, out, n_mel_);
  return kernels::log10_rows(out, int64_t(count) * n_mel_);
}

Mel FastMel::compute(const float* samples, size_t count, Team& team) const {
  Mel mel;
  mel.n_mel = n_mel_;
  mel.audio_frames = audio_frame_count(count);
  const int frames = (int(count) + kFftSize / 2) / kFrameStep + 1;
  const std::vector<float> padded = pad_samples(samples, count, frames);
  mel.data.resize(size_t(frames) * n_mel_);
  std::vector<float> largest(team.size(), -INFINITY);
  const int blocks = (frames + kBlock - 1) / kBlock;
  const size_t room = size_t(kBlock) * 2 * kBins;
  std::vector<float> scratch(team.size() * room);
  team.run([&](int worker) {
    const Share share = share_of(blocks, worker, team.size());
    for (int b = share.begin; b < share.end; ++b) {
      const int first = b * kBlock, size = std::min(kBlock, frames - first);
      largest[worker] =
          std::max(largest[worker], block(padded.data(), first, size, &scratch[worker * room], &mel.data[size_t(first) * n_mel_]));
    }
  });
  normalise_mel(mel, *std::max_element(largest.begin(), largest.end()));
  return mel;
}

}  // namespace sotto::whisper
