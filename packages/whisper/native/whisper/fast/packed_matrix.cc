#include "fast/packed_matrix.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace sotto::whisper {
namespace {

using kernels::kPanel;

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

PackedMatrix::PackedMatrix(int rows, int k, int depth) : k_(k), depth_(depth) {
  const size_t padded = size_t(rows + kPanel - 1) / kPanel * kPanel;
  weights_.assign(padded * k, 0);
  scales_.assign(padded, 0.0f);
  bias_.assign(padded, 0.0f);
}

// One scale for the whole row: its loudest block decides.
void PackedMatrix::put_row(int row, const float* values) {
  float largest = 0, loudest = 0;
  for (int block = 0; block < k_; block += depth_) {
    float squares = 0;
    for (int l = block; l < block + depth_; ++l) {
      largest = std::max(largest, std::fabs(values[l]));
      squares += values[l] * values[l];
    }
    loudest = std::max(loudest, squares);
  }
  const float scale = std::max(largest / 32767, std::sqrt(loudest / depth_) / kernels::largest_rms(depth_));
  scales_[row] = scale;
  if (scale == 0) return;
  int16_t* to = weights_.data() + size_t(row / kPanel) * k_ * kPanel + row % kPanel * 2;
  for (int l = 0; l < k_; ++l) to[size_t(l / 2) * 2 * kPanel + l % 2] = int16_t(std::lrint(values[l] / scale));
}

void PackedMatrix::put(int first, const float* rows, int count) {
  for (int r = 0; r < count; ++r) put_row(first + r, rows + size_t(r) * k_);
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
    put(first + int(r), row.data(), 1);
  }
  put_bias(first, bias);
}

}  // namespace sotto::whisper
