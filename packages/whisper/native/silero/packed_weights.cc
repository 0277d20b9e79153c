#include "packed_weights.h"

#include <cstddef>

#include "shape.h"

namespace sotto::silero {

namespace {

// [columns / panel][depth][panel] of a matrix whose element (k, column) is at(k, column).
template <typename At>
std::vector<float> panels(int depth, int columns, int panel, At at) {
  std::vector<float> packed;
  packed.reserve(size_t(depth) * columns);
  for (int first = 0; first < columns; first += panel) {
    for (int k = 0; k < depth; ++k) {
      for (int column = first; column < first + panel; ++column) packed.push_back(at(k, column));
    }
  }
  return packed;
}

// Its depth is tap by tap, so that neighbouring rows of activations are one row of the product.
Layer layer_of(const Convolution& convolution, int inputs, int panel) {
  const int depth = kTaps * inputs, columns = int(convolution.bias.size());
  const auto at = [&](int k, int column) { return convolution.weight[size_t(column * inputs + k % inputs) * kTaps + k / inputs]; };
  return {depth, columns, panels(depth, columns, panel, at), convolution.bias};
}

}  // namespace

PackedWeights packed(const Weights& weights, int lanes) {
  constexpr int kInputs[] = {kBins, kWide, kNarrow, kNarrow};
  PackedWeights result;
  for (size_t i = 0; i < weights.encoder.size(); ++i) result.encoder[i] = layer_of(weights.encoder[i], kInputs[i], 2 * lanes);

  const auto input = [&](int k, int gate) { return weights.input[size_t(gate) * kWide + k]; };
  const auto hidden = [&](int k, int gate) { return weights.hidden[size_t(gate) * kWide + k]; };
  result.input = {kWide, kGates, panels(kWide, kGates, 2 * lanes, input), weights.input_bias};
  for (int gate = 0; gate < kGates; ++gate) result.input.bias[gate] += weights.hidden_bias[gate];
  result.hidden = panels(kWide, kGates, 8 * lanes, hidden);
  result.out = weights.out;
  result.out_bias = weights.out_bias;
  return result;
}

}  // namespace sotto::silero
