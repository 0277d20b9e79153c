#include "segmentation.h"

#include <algorithm>
#include <cmath>

namespace sotto::speakers {

namespace {

constexpr int kTaps = 251, kBands = 80, kNarrow = 64;  // 60 channels, four more for whole vectors
constexpr int kUnits = 128, kGates = 4 * kUnits, kBoth = 2 * kUnits, kConvolution = 5;
constexpr int kFiltered = (kChunk - kTaps) / kSincStride + 1;
constexpr int kFirst = kFiltered / 3, kSecond = (kFirst - kConvolution + 1) / 3, kThird = (kSecond - kConvolution + 1) / 3;
static_assert(kThird == kChunkFrames);
constexpr int kStepsTogether = 16;  // of an LSTM's input
constexpr int kSummedTogether = 256;  // rows of which a sum in floats is exact enough
constexpr float kEpsilon = 1e-5f;

std::vector<float> widened(const std::vector<float>& values, size_t width) {
  std::vector<float> wide = values;
  wide.resize(width, 0.0f);
  return wide;
}

// [out][in][5] over rows of `width` channels: five rows are one.
Matrix over_time(const Layer& layer, int inputs, int width, int lanes) {
  const int outputs = int(layer.bias.size());
  return packed(
      kConvolution * width, outputs, lanes,
      [&](int k, int column) {
        const int tap = k / width, channel = k % width;
        return channel < inputs ? layer.weight[(size_t(column) * inputs + channel) * kConvolution + tap] : 0.0f;
      },
      layer.bias);
}

}  // namespace

struct Segmentation::Room {
  std::vector<float> wave, filtered, first, product, second, third, features, layers[2], gates, cells;
};

Segmentation::Segmentation(const SegmentationWeights& weights, bool any_processor)
    : kernels_(kernels(any_processor)), wave_scale_(weights.wave_scale), wave_shift_(weights.wave_shift) {
  const int lanes = kernels_.lanes;
  sinc_ = packed_rows(weights.sinc, kTaps, kBands, lanes, {});
  for (int band = 0; band < kBands; ++band) {
    double sum = 0;
    for (int tap = 0; tap < kTaps; ++tap) sum += weights.sinc[band * kTaps + tap];
    sinc_sums_.push_back(float(sum));
  }
  convolutions_[0] = over_time(weights.convolutions[0], kBands, kBands, lanes);
  convolutions_[1] = over_time(weights.convolutions[1], 60, kNarrow, lanes);
  for (int i = 0; i < 3; ++i) {
    const size_t width = i == 0 ? kBands : kNarrow;
    norms_[i] = {widened(weights.norms[i].weight, width), widened(weights.norms[i].bias, width)};
  }
  for (int layer = 0; layer < 4; ++layer) {
    const Lstm& from = weights.lstm[layer];
    const int inputs = layer == 0 ? 60 : kBoth, width = layer == 0 ? kNarrow : kBoth;
    for (int side = 0; side < 2; ++side) {
      std::vector<float> bias(kGates);
      for (int i = 0; i < kGates; ++i) bias[i] = from.bias[side * 2 * kGates + i] + from.bias[side * 2 * kGates + kGates + i];
      lstm_[layer][side].input = packed(
          width, kGates, lanes,
          [&](int k, int column) { return k < inputs ? from.input[(size_t(side) * kGates + column) * inputs + k] : 0.0f; }, bias);
      lstm_[layer][side].hidden =
          packed(kUnits, kGates, lanes, [&](int k, int column) { return from.hidden[(size_t(side) * kGates + column) * kUnits + k]; }, {});
    }
  }
  for (int i = 0; i < 3; ++i) {
    const Layer& from = weights.linear[i];
    const int outputs = int(from.bias.size());
    linear_[i] = packed(
        i == 0 ? kBoth : kUnits, outputs, lanes, [&](int k, int column) { return from.weight[size_t(k) * outputs + column]; }, from.bias);
  }
}

void Segmentation::multiply(const Matrix& matrix, const float* rows, int stride, int count, float* to, int to_stride) const {
  kernels_.product({rows, stride, count, matrix.panels.data(), matrix.depth, matrix.bias.data(), to, to_stride, matrix.columns});
}

void Segmentation::run(const int16_t* samples, size_t count, int step, int chunks, float* probabilities) const {
  Room room;
  room.features.resize(size_t(kChunkFrames) * chunks * kNarrow);
  for (auto& layer : room.layers) layer.resize(size_t(kChunkFrames) * chunks * kBoth);
  room.gates.resize(size_t(kStepsTogether) * chunks * kGates);
  room.cells.resize(size_t(chunks) * kUnits);
  filter(samples, count, step, chunks, room);
  for (int chunk = 0; chunk < chunks; ++chunk) listen(samples, count, size_t(chunk) * step, chunk, chunks, room);
  for (int layer = 0; layer < 4; ++layer) {
    const auto& input = layer == 0 ? room.features : room.layers[(layer + 1) % 2];
    for (int side = 0; side < 2; ++side) remember(lstm_[layer][side], side == 1, chunks, input, room.layers[layer % 2], room);
  }
  classify(chunks, room, probabilities);
}

// Before the wave is normalised, which differs from chunk to chunk: that is a scale and a shift, which pass through a filter.
void Segmentation::filter(const int16_t* samples, size_t count, int step, int chunks, Room& room) const {
  const size_t length = size_t(chunks - 1) * step + kChunk;
  room.wave.assign(length, 0.0f);
  for (size_t i = 0; i < std::min(count, length); ++i) room.wave[i] = float(samples[i]) * (1.0f / 32768.0f);
  const int rows = int((length - kTaps) / kSincStride + 1);
  room.filtered.resize(size_t(rows) * sinc_.columns);
  multiply(sinc_, room.wave.data(), kSincStride, rows, room.filtered.data(), sinc_.columns);
}

void Segmentation::listen(const int16_t* samples, size_t count, size_t start, int chunk, int chunks, Room& room) const {
  double sum = 0, squares = 0;
  for (size_t i = start; i < std::min(count, start + kChunk); ++i) {
    const double x = samples[i] / 32768.0;
    sum += x;
    squares += x * x;
  }
  const double mean = sum / kChunk, variance = std::max(0.0, squares / kChunk - mean * mean);
  const double scale = wave_scale_ / std::sqrt(variance + kEpsilon), shift = wave_shift_ - mean * scale;
  std::vector<float> shifts(kBands);
  for (int band = 0; band < kBands; ++band) shifts[band] = float(shift * sinc_sums_[band]);

  room.first.resize(size_t(kFirst) * kBands);
  kernels_.largest_of_three(room.filtered.data() + start / kSincStride * sinc_.columns, sinc_.columns, kFirst, kBands, float(scale),
                            shifts.data(), room.first.data(), kBands);
  normalise(room.first.data(), kFirst, kBands, norms_[0]);

  room.product.resize(size_t(kFirst) * kNarrow);
  room.second.resize(size_t(kSecond) * kNarrow);
  multiply(convolutions_[0], room.first.data(), kBands, kFirst - kConvolution + 1, room.product.data(), kNarrow);
  kernels_.largest_of_three(room.product.data(), kNarrow, kSecond, kNarrow, 1.0f, nullptr, room.second.data(), kNarrow);
  normalise(room.second.data(), kSecond, kNarrow, norms_[1]);

  room.third.resize(size_t(kThird) * kNarrow);
  multiply(convolutions_[1], room.second.data(), kNarrow, kSecond - kConvolution + 1, room.product.data(), kNarrow);
  kernels_.largest_of_three(room.product.data(), kNarrow, kThird, kNarrow, 1.0f, nullptr, room.third.data(), kNarrow);
  normalise(room.third.data(), kThird, kNarrow, norms_[2]);
  for (int frame = 0; frame < kThird; ++frame) {
    const float* from = room.third.data() + size_t(frame) * kNarrow;
    std::copy(from, from + kNarrow, room.features.data() + (size_t(frame) * chunks + chunk) * kNarrow);
  }
}

// Instance norm over time, then leaky.
void Segmentation::normalise(float* rows, int count, int width, const Layer& norm) const {
  std::vector<double> sums(width), squares(width);
  for (int first = 0; first < count; first += kSummedTogether) {
    std::vector<float> sum(width), square(width);
    for (int row = first; row < std::min(first + kSummedTogether, count); ++row) {
      const float* from = rows + size_t(row) * width;
      for (int i = 0; i < width; ++i) sum[i] += from[i];
      for (int i = 0; i < width; ++i) square[i] += from[i] * from[i];
    }
    for (int i = 0; i < width; ++i) sums[i] += sum[i];
    for (int i = 0; i < width; ++i) squares[i] += square[i];
  }
  std::vector<float> scale(width), shift(width);
  for (int i = 0; i < width; ++i) {
    const double mean = sums[i] / count, variance = std::max(0.0, squares[i] / count - mean * mean);
    scale[i] = float(norm.weight[i] / std::sqrt(variance + kEpsilon));
    shift[i] = float(norm.bias[i] - mean * scale[i]);
  }
  kernels_.scale_shift_leaky(rows, count, width, scale.data(), shift.data());
}

// One direction of a layer. The hidden state of a step is where its output is.
void Segmentation::remember(const Direction& direction, bool backward, int chunks, const std::vector<float>& input,
                            std::vector<float>& output, Room& room) const {
  const int width = direction.input.depth, side = backward ? kUnits : 0;
  const Matrix& hidden = direction.hidden;
  std::fill(room.cells.begin(), room.cells.end(), 0.0f);
  for (int done = 0; done < kChunkFrames; done += kStepsTogether) {
    const int steps = std::min(kStepsTogether, kChunkFrames - done);
    const int first = backward ? kChunkFrames - done - steps : done;
    multiply(direction.input, input.data() + size_t(first) * chunks * width, width, steps * chunks, room.gates.data(), kGates);
    for (int i = 0; i < steps; ++i) {
      const int step = backward ? first + steps - 1 - i : first + i;
      float* gates = room.gates.data() + size_t(step - first) * chunks * kGates;
      float* here = output.data() + size_t(step) * chunks * kBoth + side;
      if (done + i > 0) {
        const float* before = here + (backward ? 1 : -1) * std::ptrdiff_t(chunks) * kBoth;
        kernels_.product({before, kBoth, chunks, hidden.panels.data(), kUnits, nullptr, gates, kGates, kGates});
      }
      for (int chunk = 0; chunk < chunks; ++chunk) {
        kernels_.cell({gates + size_t(chunk) * kGates, kUnits, room.cells.data() + size_t(chunk) * kUnits, here + size_t(chunk) * kBoth});
      }
    }
  }
}

void Segmentation::classify(int chunks, Room& room, float* probabilities) const {
  const std::vector<float> one(kUnits, 1.0f), nothing(kUnits, 0.0f);
  const int columns = linear_[2].columns;
  std::vector<float> first(size_t(chunks) * kUnits), second(first.size()), scores(size_t(chunks) * columns);
  for (int frame = 0; frame < kChunkFrames; ++frame) {
    multiply(linear_[0], room.layers[1].data() + size_t(frame) * chunks * kBoth, kBoth, chunks, first.data(), kUnits);
    kernels_.scale_shift_leaky(first.data(), chunks, kUnits, one.data(), nothing.data());
    multiply(linear_[1], first.data(), kUnits, chunks, second.data(), kUnits);
    kernels_.scale_shift_leaky(second.data(), chunks, kUnits, one.data(), nothing.data());
    multiply(linear_[2], second.data(), kUnits, chunks, scores.data(), columns);
    for (int chunk = 0; chunk < chunks; ++chunk) {
      const float* from = scores.data() + size_t(chunk) * columns;
      float* to = probabilities + (size_t(chunk) * kChunkFrames + frame) * kClasses;
      const float most = *std::max_element(from, from + kClasses);
      float sum = 0;
      for (int i = 0; i < kClasses; ++i) sum += to[i] = std::exp(from[i] - most);
      for (int i = 0; i < kClasses; ++i) to[i] /= sum;
    }
  }
}

}  // namespace sotto::speakers
