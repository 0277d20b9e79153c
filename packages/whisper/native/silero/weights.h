// The network's weights as its file has them, outermost first. src/silero/silero-weights.ts has checked the shapes.
#pragma once

#include <array>
#include <vector>

namespace sotto::silero {

struct Convolution {
  std::vector<float> weight;  // [out][in][kTaps]
  std::vector<float> bias;    // [out]
};

struct Weights {
  std::array<Convolution, 4> encoder;                   // kBins -> kWide -> kNarrow -> kNarrow -> kWide
  std::vector<float> input, hidden;                     // [kGates][kWide]; gates: input, forget, cell, output
  std::vector<float> input_bias, hidden_bias;           // [kGates]
  std::vector<float> out;                               // [kWide]
  float out_bias = 0;
};

}  // namespace sotto::silero
