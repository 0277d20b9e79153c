// The mel spectrogram as two matrix products: frames (overlapping in memory) by windowed cosines and sines, powers by filters.
#pragma once
#include <vector>

#include "audio/mel.h"
#include "model/mel_filters.h"
#include "team.h"

namespace sotto::whisper {

class FastMel {
 public:
  explicit FastMel(const MelFilters& filters);

  Mel compute(const float* samples, size_t count, Team& team) const;

 private:
  /** Frames [first, first + count) into `out` [count][n_mel]; returns the largest value. */
  float block(const float* padded, int first, int count, float* scratch, float* out) const;

  int n_mel_;
  std::vector<float> transform_;  // panels of [2 * kBins] rows, k = 400
  std::vector<float> filters_;    // panels of [n_mel] rows, k = kBins
};

}  // namespace sotto::whisper
