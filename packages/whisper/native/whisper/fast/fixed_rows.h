// Activations in fixed point, on their way into a product.
#pragma once
#include <cstdint>
#include <vector>

#include "fast/kernels/kernels.h"

namespace sotto::whisper {

/** Rows of `blocks` blocks of `depth` numbers, a scale for each block. */
class FixedRows {
 public:
  /** All zeros. */
  FixedRows(size_t rows, int blocks, int depth)
      : blocks_(blocks), depth_(depth), values_(rows * blocks * depth, 0), scales_(rows * blocks, 0.0f) {}

  /** Room for so many rows; what they held is not kept. */
  void resize(size_t rows) {
    values_.resize(rows * blocks_ * depth_);
    scales_.resize(rows * blocks_);
  }
  /** Takes floats [count][stride] as the rows from `first` on. */
  void put(size_t first, const float* x, int stride, int count) {
    kernels::fix_rows(x, stride, count, blocks_, depth_, values_.data() + first * blocks_ * depth_, scales_.data() + first * blocks_);
  }
  const int16_t* values(size_t row) const { return values_.data() + row * blocks_ * depth_; }
  const float* scales(size_t row) const { return scales_.data() + row * blocks_; }
  /** What rows from `first` on, `step` apart, are as one side of a product. */
  kernels::Product product(size_t first, int step, int columns, float* y, int y_stride) const {
    return {values(first), scales(first), step * blocks_ * depth_, step * blocks_, columns, y, y_stride};
  }

 private:
  int blocks_, depth_;
  std::vector<int16_t> values_;
  std::vector<float> scales_;
};

}  // namespace sotto::whisper
