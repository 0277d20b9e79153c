#include "network.h"

#include "spectrum_tables.h"

namespace sotto::silero {

namespace {

constexpr int kHalf = kFrames / 2;  // time steps after the second convolution

}  // namespace

Network::Network(const Weights& weights, bool any_processor)
    : kernels_(kernels(any_processor)),
      weights_(packed(weights, kernels_.lanes)),
      tables_(spectrum_tables()),
      padded_(kBlock * kPadded),
      magnitudes_(kBlock * kFrames * kBins),
      first_(kBlock * kFrames * kWide),
      second_(kBlock * kHalf * kNarrow),
      third_(kBlock * kNarrow),
      fourth_(kBlock * kWide),
      gates_(kBlock * kGates) {}

void Network::run(const int16_t* samples, int windows, Memory& memory, float* probabilities) {
  pad(samples, windows);
  encode(windows);
  Recurrence recurrence{weights_.hidden.data(), weights_.out.data(), weights_.out_bias, gates_.data(), windows,
                        memory.hidden.data(),   memory.cell.data(),  probabilities};
  kernels_.recurrence(recurrence);
}

// The end of each window is mirrored, its last sample not repeated.
void Network::pad(const int16_t* samples, int windows) {
  for (int window = 0; window < windows; ++window) {
    const int16_t* from = samples + window * kStep;
    float* to = padded_.data() + window * kPadded;
    for (int i = 0; i < kHeard; ++i) to[i] = float(from[i]) * (1.0f / 32768.0f);
    for (int i = 0; i < kAhead; ++i) to[kHeard + i] = to[kHeard - 2 - i];
  }
}

void Network::encode(int windows) {
  const auto& [first, second, third, fourth] = weights_.encoder;
  kernels_.spectrum(tables_, padded_.data(), windows, magnitudes_.data());
  convolve(first, magnitudes_, kFrames, first_, 1, windows);
  convolve(second, first_, kFrames, second_, 2, windows);
  convolve(third, second_, kHalf, third_, 2, windows);
  convolve(fourth, third_, 1, fourth_, 1, windows);
  const Layer& input = weights_.input;
  kernels_.product({fourth_.data(), kWide, windows, input.weight.data(), input.depth, 0, input.depth, input.bias.data(), gates_.data(),
                    kGates, kGates, false});
}

// One product for each time step of the output. The step before the first and the one after the last are silence: left out.
void Network::convolve(const Layer& layer, const std::vector<float>& from, int from_length, std::vector<float>& to, int stride,
                       int windows) {
  const int inputs = layer.depth / kTaps;
  const int to_length = (from_length + stride - 1) / stride;
  for (int step = 0; step < to_length; ++step) {
    const int before = step * stride - 1;
    const int first_tap = before < 0 ? 1 : 0;
    const int end_tap = before + kTaps > from_length ? from_length - before : kTaps;
    kernels_.product({from.data() + (before + first_tap) * inputs, from_length * inputs, windows, layer.weight.data(), layer.depth,
                      first_tap * inputs, (end_tap - first_tap) * inputs, layer.bias.data(), to.data() + step * layer.columns,
                      to_length * layer.columns, layer.columns, true});
  }
}

}  // namespace sotto::silero
