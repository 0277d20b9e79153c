// Silero VAD's network: how sure it is, for each 32 ms of a recording, that somebody speaks.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "kernels.h"
#include "packed_weights.h"

namespace sotto::silero {

// What the network remembers of a recording.
struct Memory {
  std::array<float, kWide> hidden{};
  std::array<float, kWide> cell{};
};

// All windows of a block go through each layer together, but for the memory cell at the end, which takes them in order.
// For one thread: the activations of the block it works on are its own.
class Network {
 public:
  Network(const Weights& weights, bool any_processor);

  // Window i hears samples[i * kStep ... + kHeard). At most kBlock of them.
  void run(const int16_t* samples, int windows, Memory& memory, float* probabilities);

 private:
  void pad(const int16_t* samples, int windows);
  void encode(int windows);
  void convolve(const Layer& layer, const std::vector<float>& from, int from_length, std::vector<float>& to, int stride, int windows);

  const Kernels& kernels_;
  const PackedWeights weights_;
  const SpectrumTables tables_;
  // kBlock windows of each; what lies beyond those of a smaller block is computed with and not looked at.
  std::vector<float> padded_, magnitudes_, first_, second_, third_, fourth_, gates_;
};

}  // namespace sotto::silero
