// A weight matrix in panels of 16 rows, fixed-point with a scale for each row, as the kernels read it.
#pragma once
#include <cstdint>
#include <vector>

#include "fast/kernels/kernels.h"
#include "ggml.h"

namespace sotto::whisper {

class PackedMatrix {
 public:
  PackedMatrix() = default;
  /** All zeros; rows are padded to a multiple of 16. What it is multiplied with has a scale for each `depth` of its k numbers. */
  PackedMatrix(int rows, int k, int depth);

  /** Puts rows of floats [count][k] from `first` on. */
  void put(int first, const float* rows, int count);
  /** Puts a weight tensor's rows, of any type ggml can turn into floats, and its bias (null: zeros). */
  void put(int first, const ggml_tensor* weight, const ggml_tensor* bias);
  void put_bias(int first, const ggml_tensor* bias);

  int rows() const { return int(bias_.size()); }
  int blocks() const { return k_ / depth_; }
  size_t bytes() const { return weights_.size() * sizeof(int16_t) + (scales_.size() + bias_.size()) * sizeof(float); }
  int panel_count() const { return rows() / kernels::kPanel; }
  kernels::Panels panels() const { return {weights_.data(), scales_.data(), bias_.data(), k_, depth_}; }

 private:
  void put_row(int row, const float* values);

  int k_ = 0, depth_ = 1;
  std::vector<int16_t> weights_;
  std::vector<float> scales_, bias_;
};

/** A tensor's values as floats. */
std::vector<float> floats_of(const ggml_tensor* tensor);

}  // namespace sotto::whisper
