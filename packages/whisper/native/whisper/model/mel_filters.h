// The mel filter bank as stored in the model file: [n_mel][n_fft], row-major, n_fft = 201 bins.
#pragma once
#include <cstdint>
#include <vector>

namespace sotto::whisper {

struct MelFilters {
  int32_t n_mel = 0;
  int32_t n_fft = 0;
  std::vector<float> data;
};

}  // namespace sotto::whisper
