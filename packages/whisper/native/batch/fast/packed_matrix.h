// A weight matrix in panels of 16 rows, half precision, as the kernels read it.
#pragma once
#include <cstdint>
#include <vector>

#include "fast/kernels/kernels.h"
#include "ggml.h"

namespace sotto::batch {

class PackedMatrix {
 public:
  PackedMatrix() = default;
  /** All zeros; rows are padded to a multiple of 16. */
  PackedMatrix(int rows, int k);

  /** Puts rows of floats [count][k] from `first` on. */
  void put(int first, const float* rows, int count);
  /** Puts a weight tensor's rows, of any type ggml can turn into floats, and its bias (null: zeros). */
  void put(int first, const ggml_tensor* weight, const ggml_tensor* bias);
  void put_bias(int first, const ggml_tensor* bias);

  int rows() const { return static_cast<int>(bias_.size()); }
  size_t bytes() const { return weights_.size() * sizeof(uint16_t) + bias_.size() * sizeof(float); }
  int panel_count() const { return rows() / 16; }
  kernels::Panels panels() const { return {weights_.data(), bias_.data(), k_}; }

 private:
  int k_ = 0;
  std::vector<uint16_t> weights_;
  std::vector<float> bias_;
};

/** A tensor's values as floats. */
std::vector<float> floats_of(const ggml_tensor* tensor);

}  // namespace sotto::batch
