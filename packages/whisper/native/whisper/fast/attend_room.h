// One thread's room for attention.
#pragma once
#include <vector>

#include "fast/kernels/kernels.h"

namespace sotto::whisper {

class AttendRoom {
 public:
  explicit AttendRoom(size_t padded_frames)
      : weights_(kernels::kQueries * padded_frames), sums_(kernels::kQueries), fixed_(weights_.size()) {}
  kernels::AttendScratch scratch() { return {weights_.data(), sums_.data(), fixed_.data()}; }

 private:
  std::vector<float> weights_, sums_;
  std::vector<int16_t> fixed_;
};

}  // namespace sotto::whisper
