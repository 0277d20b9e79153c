#include "matrix.h"

namespace sotto::speakers {

Matrix packed_rows(const std::vector<float>& weight, int depth, int columns, int lanes, const std::vector<float>& bias) {
  return packed(depth, columns, lanes, [&](int k, int column) { return weight[std::size_t(column) * depth + k]; }, bias);
}

}  // namespace sotto::speakers
