#include "fbank.h"

#include <algorithm>
#include <cmath>

#include "trunk.h"

namespace sotto::speakers {

namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kRate = 16'000, kLowest = 20, kHighest = 8'000;
constexpr float kEmphasis = 0.97f, kLeast = 1.1920929e-07f;
constexpr int kBins = kSpectrum / 2;  // without the one at half the rate

double mel(double hertz) { return 1127 * std::log(1 + hertz / 700); }

SpectrumTables spectrum_tables() {
  SpectrumTables tables;
  for (int i = 0; i < kBins; ++i) {
    int reversed = 0;
    for (int bit = 1; bit < kBins; bit *= 2) reversed = 2 * reversed + (i / bit) % 2;
    tables.reversed[i] = reversed;
    tables.turn_cosine[i] = float(std::cos(2 * kPi * i / kSpectrum));
    tables.turn_sine[i] = float(std::sin(2 * kPi * i / kSpectrum));
  }
  for (int j = 0; j < kBins / 2; ++j) {
    tables.cosine[j] = float(std::cos(2 * kPi * j / kBins));
    tables.sine[j] = float(std::sin(2 * kPi * j / kBins));
  }
  return tables;
}

}  // namespace

Fbank::Fbank(bool any_processor) : kernels_(kernels(any_processor)), tables_(spectrum_tables()) {
  for (int i = 0; i < kFrameSamples; ++i) window_.push_back(float(0.54 - 0.46 * std::cos(2 * kPi * i / (kFrameSamples - 1))));
  const double low = mel(kLowest), width = (mel(kHighest) - low) / (kMelBins + 1);
  for (int bin = 0; bin < kMelBins; ++bin) {
    const double left = low + bin * width, centre = left + width, right = centre + width;
    Triangle triangle{0, {}};
    for (int k = 0; k < kBins; ++k) {
      const double m = mel(k * kRate / kSpectrum), weight = std::min((m - left) / (centre - left), (right - m) / (right - centre));
      if (weight <= 0) continue;
      if (triangle.weights.empty()) triangle.first = k;
      triangle.weights.push_back(float(weight));
    }
    triangles_.push_back(std::move(triangle));
  }
}

void Fbank::prepare(const int16_t* samples, float* to) const {
  float sum = 0;
  for (int i = 0; i < kFrameSamples; ++i) sum += samples[i];
  const float mean = sum / kFrameSamples;
  float before = samples[0] - mean;
  for (int i = 0; i < kFrameSamples; ++i) {
    const float x = samples[i] - mean;
    to[i * kernels_.lanes] = (x - kEmphasis * before) * window_[i];
    before = x;
  }
}

void Fbank::run(const int16_t* samples, size_t count, float* features) const {
  const int frames = Fbank::frames(count), lanes = kernels_.lanes;
  std::vector<float> prepared(size_t(kSpectrum) * lanes), power(size_t(kBins) * lanes), sums(lanes);
  for (int first = 0; first < frames; first += lanes) {
    const int together = std::min(lanes, frames - first);
    for (int lane = 0; lane < together; ++lane) prepare(samples + size_t(first + lane) * kFrameHop, prepared.data() + lane);
    kernels_.power(tables_, prepared.data(), power.data());
    for (int bin = 0; bin < kMelBins; ++bin) {
      const Triangle& triangle = triangles_[bin];
      std::fill(sums.begin(), sums.end(), 0.0f);
      for (size_t k = 0; k < triangle.weights.size(); ++k) {
        const float* from = power.data() + (triangle.first + k) * lanes;
        for (int lane = 0; lane < lanes; ++lane) sums[lane] += triangle.weights[k] * from[lane];
      }
      for (int lane = 0; lane < together; ++lane) {
        features[size_t(first + lane) * kMelBins + bin] = std::log(std::max(sums[lane], kLeast));
      }
    }
  }
}

}  // namespace sotto::speakers
