#include "fast/packed_matrix.h"

#include <algorithm>
#include <cstring>

namespace sotto::batch {
namespace {

constexpr int kPanel = 16;

void to_floats(const ggml_tensor* tensor, int64_t row, float* out) {
  const char* from = static_cast<const char*>(tensor->data) + row * tensor->nb[1];
  if (tensor->type == GGML_TYPE_F32) {
    std::memcpy(out, from, tensor->ne[0] * sizeof(float));
  } else {
    ggml_get_type_traits(tensor->type)->to_float(from, out, tensor->ne[0]);
  }
}

}  // namespace

std::vector<float> floats_of(const ggml_tensor* tensor) {
  const int64_t rows = ggml_nrows(tensor);
  std::vector<float> out(ggml_nelements(tensor));
  for (int64_t row = 0; row < rows; ++row) to_floats(tensor, row, out.data() + row * tensor->ne[0]);
  return out;
}

PackedMatrix::PackedMatrix(int rows, int k) : k_(k) {
  const size_t padded = size_t(rows + kPanel - 1) / kPanel * kPanel;
  weights_.assign(padded * k, 0);
  bias_.assign(padded, 0.0f);
}

void PackedMatrix::put(int first, const float* rows, int count) {
  std::vector<uint16_t> half(k_);
  for (int r = 0; r < count; ++r) {
    kernels::to_half(rows + size_t(r) * k_, half.data(), k_);
    uint16_t* to = weights_.data() + size_t((first + r) / kPanel) * k_ * kPanel + (first + r) % kPanel;
    for (int l = 0; l < k_; ++l) to[size_t(l) * kPanel] = half[l];
  }
}

void PackedMatrix::put_bias(int first, const ggml_tensor* bias) {
  if (!bias) return;
  const std::vector<float> values = floats_of(bias);
  std::copy(values.begin(), values.end(), bias_.begin() + first);
}

void PackedMatrix::put(int first, const ggml_tensor* weight, const ggml_tensor* bias) {
  std::vector<float> row(weight->ne[0]);
  for (int64_t r = 0; r < weight->ne[1]; ++r) {
    to_floats(weight, r, row.data());
    put(first + static_cast<int>(r), row.data(), 1);
  }
  put_bias(first, bias);
}

}  // namespace sotto::batch
