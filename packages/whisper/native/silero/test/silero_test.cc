// Silero's network over random weights and samples: both sets of kernels against plain loops in double, and a recording in
// pieces of any size against the same in one.
#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <vector>

#include "check.h"
#include "listener.h"

using namespace sotto::silero;

namespace {

using Numbers = std::vector<double>;

std::mt19937 random_source(1);

int between(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_source); }

std::vector<float> random_floats(size_t count, float spread) {
  std::normal_distribution<float> normal(0, spread);
  std::vector<float> floats(count);
  for (float& each : floats) each = normal(random_source);
  return floats;
}

Convolution random_convolution(int inputs, int outputs) {
  return {random_floats(size_t(outputs) * inputs * kTaps, 1.5f / std::sqrt(float(inputs * kTaps))), random_floats(outputs, 0.1f)};
}

Weights random_weights() {
  Weights weights;
  weights.encoder = {random_convolution(kBins, kWide), random_convolution(kWide, kNarrow), random_convolution(kNarrow, kNarrow),
                     random_convolution(kNarrow, kWide)};
  weights.input = random_floats(kGates * kWide, 0.2f);
  weights.hidden = random_floats(kGates * kWide, 0.2f);
  weights.input_bias = random_floats(kGates, 0.1f);
  weights.hidden_bias = random_floats(kGates, 0.1f);
  weights.out = random_floats(kWide, 0.5f);
  weights.out_bias = 0.1f;
  return weights;
}

std::vector<int16_t> random_samples(size_t count) {
  std::normal_distribution<float> normal(0, 6000);
  std::vector<int16_t> samples(count);
  for (int16_t& each : samples) each = int16_t(std::clamp(normal(random_source), -32768.0f, 32767.0f));
  return samples;
}

// [kFrames][kBins]
Numbers plain_spectrum(const Numbers& padded) {
  const double turn = 2 * std::acos(-1.0) / kFrame;
  Numbers magnitudes;
  for (int frame = 0; frame < kFrames; ++frame) {
    for (int bin = 0; bin < kBins; ++bin) {
      double real = 0, imaginary = 0;
      for (int i = 0; i < kFrame; ++i) {
        const double x = padded[frame * kHop + i] * (0.5 - 0.5 * std::cos(turn * i));
        real += x * std::cos(turn * bin * i);
        imaginary -= x * std::sin(turn * bin * i);
      }
      magnitudes.push_back(std::hypot(real, imaginary));
    }
  }
  return magnitudes;
}

// [time][channel], silence before and after.
Numbers plain_convolution(const Convolution& layer, const Numbers& from, int stride) {
  const int outputs = int(layer.bias.size()), inputs = int(layer.weight.size()) / outputs / kTaps, length = int(from.size()) / inputs;
  Numbers to;
  for (int t = 0; t < length; t += stride) {
    for (int o = 0; o < outputs; ++o) {
      double sum = layer.bias[o];
      for (int i = 0; i < inputs; ++i)
        for (int tap = 0; tap < kTaps; ++tap)
          if (const int at = t + tap - 1; at >= 0 && at < length)
            sum += from[at * inputs + i] * layer.weight[(o * inputs + i) * kTaps + tap];
      to.push_back(std::max(sum, 0.0));
    }
  }
  return to;
}

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// @returns how sure it is that somebody speaks; moves `hidden` and `cell` on.
double plain_memory(const Weights& weights, const Numbers& input, Numbers& hidden, Numbers& cell) {
  Numbers gates(kGates);
  for (int g = 0; g < kGates; ++g) {
    gates[g] = weights.input_bias[g] + weights.hidden_bias[g];
    for (int i = 0; i < kWide; ++i) gates[g] += weights.input[g * kWide + i] * input[i] + weights.hidden[g * kWide + i] * hidden[i];
  }
  double out = weights.out_bias;
  for (int i = 0; i < kWide; ++i) {
    cell[i] = sigmoid(gates[kWide + i]) * cell[i] + sigmoid(gates[i]) * std::tanh(gates[2 * kWide + i]);
    hidden[i] = sigmoid(gates[3 * kWide + i]) * std::tanh(cell[i]);
    out += weights.out[i] * std::max(hidden[i], 0.0);
  }
  return sigmoid(out);
}

Numbers plain_probabilities(const Weights& weights, std::vector<int16_t> samples) {
  const size_t windows = samples.size() / kStep;
  samples.resize(windows * kStep + std::min<size_t>(samples.size() % kStep, kAhead));
  samples.resize(windows * kStep + kAhead);
  Numbers hidden(kWide), cell(kWide), probabilities;
  for (size_t window = 0; window < windows; ++window) {
    Numbers x(samples.begin() + window * kStep, samples.begin() + window * kStep + kHeard);
    for (double& each : x) each /= 32768;
    for (int i = 0; i < kAhead; ++i) x.push_back(x[kHeard - 2 - i]);
    x = plain_spectrum(x);
    for (size_t layer = 0; layer < weights.encoder.size(); ++layer)
      x = plain_convolution(weights.encoder[layer], x, layer == 1 || layer == 2 ? 2 : 1);
    probabilities.push_back(plain_memory(weights, x, hidden, cell));
  }
  return probabilities;
}

std::vector<float> in_pieces(Listener& listener, const std::vector<int16_t>& samples, int longest) {
  std::vector<float> all;
  for (size_t at = 0; at < samples.size();) {
    const size_t count = std::min<size_t>(between(0, longest), samples.size() - at);
    for (float each : listener.accept(samples.data() + at, count, between(0, 1) == 0)) all.push_back(each);
    at += count;
  }
  for (float each : listener.finish()) all.push_back(each);
  return all;
}

void check_arithmetic(bool any_processor) {
  const Weights weights = random_weights();
  Listener listener(std::make_shared<Network>(weights, any_processor));
  const std::vector<int16_t> samples = random_samples(size_t(kStep) * (kBlock + 5) + 40);
  const std::vector<float> found = in_pieces(listener, samples, int(samples.size()));
  const Numbers expected = plain_probabilities(weights, samples);
  SOTTO_CHECK(found.size() == expected.size());
  for (size_t i = 0; i < std::min(found.size(), expected.size()); ++i) SOTTO_CHECK(std::fabs(found[i] - expected[i]) < 1e-4);
  const auto [least, most] = std::minmax_element(expected.begin(), expected.end());
  SOTTO_CHECK(*most - *least > 0.01);  // else anything would do
}

// A listener that has heard one recording to its end knows nothing of it when the next begins.
void check_pieces(bool any_processor) {
  Listener listener(std::make_shared<Network>(random_weights(), any_processor));
  const int block = kBlock * kStep;
  for (const int count : {0, 1, kStep - 1, kStep, kHeard - 1, kHeard, kHeard + 1, block - 1, block, block + kAhead - 1, block + kAhead,
                          block + kAhead + 1, 2 * block + kHeard, 3 * block - 7}) {
    const std::vector<int16_t> samples = random_samples(count);
    const std::vector<float> whole = in_pieces(listener, samples, count + 1);
    SOTTO_CHECK(whole.size() == size_t(count / kStep));
    SOTTO_CHECK(whole == in_pieces(listener, samples, 3 * kStep));
    if (count < block) SOTTO_CHECK(whole == in_pieces(listener, samples, 40));
  }
}

}  // namespace

int main() {
  for (const bool any_processor : {true, false}) {
    check_arithmetic(any_processor);
    check_pieces(any_processor);
  }
  return sotto::whisper::report("silero_test");
}
