// A matrix as the kernels want it.
#pragma once

#include <cstddef>
#include <vector>

#include "kernels.h"

namespace sotto::speakers {

struct Matrix {
  int depth = 0;
  int columns = 0;            // a whole number of panels: the last ones may be zeros
  std::vector<float> panels;  // [columns / panel][depth][panel]
  std::vector<float> bias;    // columns
};

// Of an element (k, column) at(k, column); columns that are not there are zeros.
template <typename At>
Matrix packed(int depth, int columns, int lanes, At at, const std::vector<float>& bias) {
  const int panel = 2 * lanes;
  Matrix matrix;
  matrix.depth = depth;
  matrix.columns = (columns + panel - 1) / panel * panel;
  matrix.panels.reserve(std::size_t(depth) * matrix.columns);
  for (int first = 0; first < matrix.columns; first += panel) {
    for (int k = 0; k < depth; ++k) {
      for (int column = first; column < first + panel; ++column) matrix.panels.push_back(column < columns ? float(at(k, column)) : 0.0f);
    }
  }
  matrix.bias = bias;
  matrix.bias.resize(matrix.columns, 0.0f);
  return matrix;
}

// Of rows of outputs: [columns][depth].
Matrix packed_rows(const std::vector<float>& weight, int depth, int columns, int lanes, const std::vector<float>& bias);

}  // namespace sotto::speakers
