// The networks that tell speakers apart, over random weights and samples: all sets of kernels against plain loops in double, and
// one result whatever is computed beside it.
#include <cmath>
#include <random>

#include "check.h"
#include "embedding.h"
#include "fbank.h"
#include "plain.h"
#include "segmentation.h"

using namespace sotto::speakers;
using plain::Numbers;

namespace {

std::mt19937 random_source(1);

std::vector<float> random_floats(size_t count, float spread) {
  std::normal_distribution<float> normal(0, spread);
  std::vector<float> floats(count);
  for (float& each : floats) each = normal(random_source);
  return floats;
}

std::vector<int16_t> random_samples(size_t count) {
  std::vector<int16_t> samples;
  for (const float each : random_floats(count, 3000)) samples.push_back(int16_t(each));
  return samples;
}

Layer random_layer(int inputs, int outputs, int taps) {
  return {random_floats(size_t(inputs) * outputs * taps, 1.2f / std::sqrt(float(inputs * taps))), random_floats(outputs, 0.1f)};
}

SegmentationWeights random_segmentation() {
  SegmentationWeights weights;
  weights.wave_scale = 0.7f;
  weights.wave_shift = 0.2f;
  weights.sinc = random_floats(80 * 251, 0.1f);
  weights.convolutions = {random_layer(80, 60, 5), random_layer(60, 60, 5)};
  weights.norms = {Layer{random_floats(80, 1), random_floats(80, 1)}, Layer{random_floats(60, 1), random_floats(60, 1)},
                   Layer{random_floats(60, 1), random_floats(60, 1)}};
  for (size_t i = 0; i < weights.lstm.size(); ++i) {
    weights.lstm[i] = {random_floats(size_t(1024) * (i == 0 ? 60 : 256), 0.1f), random_floats(1024 * 128, 0.1f), random_floats(2048, 0.1f)};
  }
  weights.linear = {random_layer(256, 128, 1), random_layer(128, 128, 1), random_layer(128, 7, 1)};
  return weights;
}

TrunkWeights random_trunk() {
  TrunkWeights weights;
  weights.first = random_layer(1, 32, 9);
  int inputs = 32;
  for (const auto& [blocks, channels] : {std::pair<int, int>{3, 32}, {4, 64}, {6, 128}, {3, 256}}) {
    for (int i = 0; i < blocks; ++i) {
      TrunkWeights::Block block{random_layer(inputs, channels, 9), random_layer(channels, channels, 9), {}};
      if (inputs != channels) block.shortcut = random_layer(inputs, channels, 1);
      weights.blocks.push_back(std::move(block));
      inputs = channels;
    }
  }
  return weights;
}

template <typename Found>
void check_near(const Found& found, const Numbers& expected, double tolerance) {
  SOTTO_CHECK(found.size() == expected.size());
  double largest = 0, furthest = 0;
  for (size_t i = 0; i < std::min<size_t>(found.size(), expected.size()); ++i) {
    largest = std::max(largest, std::fabs(expected[i]));
    furthest = std::max(furthest, std::fabs(found[i] - expected[i]));
  }
  SOTTO_CHECK(largest > 0);
  SOTTO_CHECK(furthest <= tolerance * largest);
}

const SegmentationWeights segmentation_weights = random_segmentation();
const std::vector<int16_t> samples = random_samples(kChunk + 30'000);
constexpr int kStep = 20'000;

// The second chunk ends in silence.
Numbers expected_chunk(int chunk) {
  Numbers wave(kChunk);
  for (size_t i = 0; i < wave.size(); ++i) {
    const size_t at = i + size_t(chunk) * kStep;
    wave[i] = at < samples.size() ? samples[at] / 32768.0 : 0;
  }
  return plain::probabilities(segmentation_weights, wave);
}

void check_segmentation(bool any_processor, const Numbers& expected) {
  const Segmentation segmentation(segmentation_weights, any_processor);
  constexpr size_t kLength = size_t(kChunkFrames) * kClasses;
  for (const int chunks : {1, 2, 13}) {
    std::vector<float> found(chunks * kLength), alone(kLength);
    segmentation.run(samples.data(), samples.size(), kStep, chunks, found.data());
    const int last = std::min(chunks, 3) - 1;
    segmentation.run(samples.data() + last * kStep, samples.size() - last * kStep, kStep, 1, alone.data());
    SOTTO_CHECK(std::equal(alone.begin(), alone.end(), found.begin() + last * kLength));
    if (chunks == 2) check_near(alone, expected, 1e-3);
  }
}

const TrunkWeights trunk_weights = random_trunk();

void check_trunk(bool any_processor, const std::vector<float>& features, const Numbers& expected) {
  const Trunk trunk(trunk_weights, any_processor);
  std::vector<float> found(expected.size());
  trunk.run(features.data(), int(features.size()) / kMelBins, found.data());
  check_near(found, expected, 1e-4);
}

void check_embedding(bool any_processor) {
  const Layer last{random_floats(size_t(kEmbedding) * 2 * kTrunkWidth, 0.02f), random_floats(kEmbedding, 1)};
  constexpr int kFrames = 9;
  const std::vector<float> frames = random_floats(kFrames * kTrunkWidth, 1),
                           masks = {0, 0, 1, 1, 1, 0, 0.5f, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0};
  Numbers expected;
  for (int voice = 0; voice < 2; ++voice) {
    const float* mask = masks.data() + voice * kFrames;
    Numbers statistics(2 * kTrunkWidth);
    double sum = 0, squares = 0;
    for (int t = 0; t < kFrames; ++t) sum += mask[t], squares += mask[t] * mask[t];
    for (int i = 0; i < kTrunkWidth; ++i) {
      double mean = 0, variance = 0;
      for (int t = 0; t < kFrames; ++t) mean += mask[t] * frames[t * kTrunkWidth + i] / sum;
      for (int t = 0; t < kFrames; ++t) variance += mask[t] * std::pow(frames[t * kTrunkWidth + i] - mean, 2) / (sum - squares / sum);
      statistics[i] = mean;
      statistics[kTrunkWidth + i] = std::sqrt(variance);
    }
    for (int o = 0; o < kEmbedding; ++o) {
      double value = last.bias[o];
      for (int i = 0; i < 2 * kTrunkWidth; ++i) value += last.weight[size_t(o) * 2 * kTrunkWidth + i] * statistics[i];
      expected.push_back(value);
    }
  }
  std::vector<float> found(expected.size());
  Embedding(last, any_processor).run(frames.data(), kFrames, masks.data(), 2, found.data());
  check_near(found, expected, 1e-4);
}

// By the definition of the Fourier transform.
void check_fbank(bool any_processor) {
  const Fbank fbank(any_processor);
  const size_t count = kFrameSamples + 20 * kFrameHop + 7;
  std::vector<float> found(size_t(Fbank::frames(count)) * kMelBins);
  SOTTO_CHECK(Fbank::frames(count) == 21 && Fbank::frames(kFrameSamples - 1) == 0 && Fbank::frames(0) == 0);
  fbank.run(samples.data(), count, found.data());
  const double pi = std::acos(-1.0);
  const auto mel = [](double hertz) { return 1127 * std::log(1 + hertz / 700); };
  Numbers expected;
  for (int frame = 0; frame < 21; ++frame) {
    const int16_t* from = samples.data() + frame * kFrameHop;
    double mean = 0;
    for (int i = 0; i < kFrameSamples; ++i) mean += double(from[i]) / kFrameSamples;
    Numbers power(kSpectrum / 2);
    for (int k = 0; k < kSpectrum / 2; ++k) {
      double real = 0, imaginary = 0;
      for (int i = 0; i < kFrameSamples; ++i) {
        const double x = from[i] - mean - 0.97 * (from[std::max(0, i - 1)] - mean);
        const double windowed = x * (0.54 - 0.46 * std::cos(2 * pi * i / (kFrameSamples - 1)));
        real += windowed * std::cos(2 * pi * k * i / kSpectrum);
        imaginary -= windowed * std::sin(2 * pi * k * i / kSpectrum);
      }
      power[k] = real * real + imaginary * imaginary;
    }
    const double width = (mel(8000) - mel(20)) / (kMelBins + 1);
    for (int bin = 0; bin < kMelBins; ++bin) {
      double sum = 0;
      for (int k = 0; k < kSpectrum / 2; ++k)
        sum += power[k] * std::max(0.0, 1 - std::fabs(mel(k * 16000.0 / kSpectrum) - mel(20) - (bin + 1) * width) / width);
      expected.push_back(std::log(sum));
    }
  }
  check_near(found, expected, 1e-4);
}

}  // namespace

int main() {
  const Numbers chunk = expected_chunk(1);
  constexpr int kTimes = 43;  // no whole number of tiles, nor of the trunk's frames
  const std::vector<float> features = random_floats(kTimes * kMelBins, 1);
  plain::Image image{1, kMelBins, kTimes, Numbers(features.size())};
  for (size_t i = 0; i < features.size(); ++i) image.values[i % kMelBins * kTimes + i / kMelBins] = features[i];
  const Numbers frames = plain::trunk(trunk_weights, image);
  for (const bool any_processor : {true, false}) {
    check_segmentation(any_processor, chunk);
    check_trunk(any_processor, features, frames);
    check_embedding(any_processor);
    check_fbank(any_processor);
  }
  return sotto::whisper::report("speakers_test");
}
