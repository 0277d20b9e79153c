// The weights in the order in which the kernels read them.
#pragma once

#include <array>
#include <vector>

#include "weights.h"

namespace sotto::silero {

struct Layer {
  int depth = 0, columns = 0;
  std::vector<float> weight;  // panels, see Product
  std::vector<float> bias;
};

struct PackedWeights {
  std::array<Layer, 4> encoder;
  Layer input;                // both biases
  std::vector<float> hidden;  // panels, see Recurrence
  std::vector<float> out;
  float out_bias = 0;
};

PackedWeights packed(const Weights& weights, int lanes);

}  // namespace sotto::silero
