#include "trunk.h"

#include <algorithm>

namespace sotto::speakers {

namespace {

constexpr int kSide = 3;  // of a kernel
constexpr int kChannels = 32;

int whole_tiles(int count) { return (count + kTile - 1) / kTile * kTile; }

// So many tiles go through the products together that they stay in the cache.
int tiles_together(int channels) { return channels <= 32 ? 96 : 48; }

// Of a kernel over (time, band); the file has it over (band, time).
float at(const Layer& layer, int inputs, int side, int output, int input, int time, int band) {
  return layer.weight[((size_t(output) * inputs + input) * side + band) * side + time];
}

}  // namespace

// Channels at every time and band, with a border of zeros: one before, and as many after as the last tile reads.
struct Trunk::Plane {
  int times = 0, bands = 0, channels = 0;
  int row = 0;  // floats of a time
  std::vector<float> values;

  void shape(int new_times, int new_bands, int new_channels) {
    times = new_times;
    bands = new_bands;
    channels = new_channels;
    row = (whole_tiles(bands) + 2) * channels;
    const int rows = whole_tiles(times) + 2;
    values.resize(std::max(values.size(), size_t(rows) * row));
    std::fill_n(values.data(), row, 0.0f);
    std::fill_n(values.data() + size_t(times + 1) * row, size_t(rows - times - 1) * row, 0.0f);
    for (int time = 1; time <= times; ++time) {
      float* here = values.data() + size_t(time) * row;
      std::fill_n(here, channels, 0.0f);
      std::fill(here + (bands + 1) * channels, here + row, 0.0f);
    }
  }
  // The border counts: (1, 1) is the first place.
  float* place(int time, int band) { return values.data() + size_t(time) * row + size_t(band) * channels; }
  const float* place(int time, int band) const { return values.data() + size_t(time) * row + size_t(band) * channels; }
};

struct Trunk::Room {
  Plane x, y, z;
  std::vector<float> points, products;
};

Trunk::Trunk(const TrunkWeights& weights, bool any_processor) : kernels_(kernels(any_processor)) {
  first_ = strided(weights.first, 1, kSide);
  int channels = kChannels;
  for (const auto& from : weights.blocks) {
    Block block;
    block.halves = !from.shortcut.weight.empty();
    if (block.halves) {
      block.narrowing = strided(from.first, channels, kSide);
      block.shortcut = strided(from.shortcut, channels, 1);
    } else {
      block.first = transformed(from.first, channels);
    }
    channels = int(from.first.bias.size());
    block.second = transformed(from.second, channels);
    blocks_.push_back(std::move(block));
  }
}

// G g G^T of each kernel g, with a matrix for each of the 36 points.
Trunk::Convolution Trunk::transformed(const Layer& layer, int inputs) const {
  constexpr double kG[kTileInput][kSide] = {{1.0 / 4, 0, 0},
                                            {-1.0 / 6, -1.0 / 6, -1.0 / 6},
                                            {-1.0 / 6, 1.0 / 6, -1.0 / 6},
                                            {1.0 / 24, 1.0 / 12, 1.0 / 6},
                                            {1.0 / 24, -1.0 / 12, 1.0 / 6},
                                            {0, 0, 1}};
  Convolution convolution;
  convolution.inputs = inputs;
  convolution.outputs = int(layer.bias.size());
  convolution.bias = layer.bias;
  for (int point = 0; point < kTilePoints; ++point) {
    const double *g_time = kG[point / kTileInput], *g_band = kG[point % kTileInput];
    const auto value = [&](int input, int output) {
      double sum = 0;
      for (int time = 0; time < kSide; ++time) {
        for (int band = 0; band < kSide; ++band) sum += g_time[time] * g_band[band] * at(layer, inputs, kSide, output, input, time, band);
      }
      return sum;
    };
    convolution.points.push_back(packed(inputs, convolution.outputs, kernels_.lanes, value, {}));
  }
  return convolution;
}

Trunk::Strided Trunk::strided(const Layer& layer, int inputs, int side) const {
  Strided strided;
  for (int time = 0; time < side; ++time) {
    const auto value = [&](int k, int output) { return at(layer, inputs, side, output, k % inputs, time, k / inputs); };
    strided.taps.push_back(packed(side * inputs, int(layer.bias.size()), kernels_.lanes, value, layer.bias));
  }
  return strided;
}

// Each row of places is a product: what a kernel sees of one time lies side by side.
void Trunk::step(const Strided& strided, int stride, bool rectified, const Plane& from, Plane& to) const {
  const int side = int(strided.taps.size()), border = side == kSide ? 0 : 1;
  to.shape((from.times + stride - 1) / stride, (from.bands + stride - 1) / stride, strided.taps[0].columns);
  for (int time = 0; time < to.times; ++time) {
    float* row = to.place(time + 1, 1);
    for (int tap = 0; tap < side; ++tap) {
      const Matrix& matrix = strided.taps[tap];
      kernels_.product({from.place(time * stride + tap + border, border), stride * from.channels, to.bands, matrix.panels.data(),
                        matrix.depth, tap == 0 ? matrix.bias.data() : nullptr, row, to.channels, matrix.columns});
    }
    if (rectified) std::transform(row, row + to.bands * to.channels, row, [](float x) { return x > 0.0f ? x : 0.0f; });
  }
}

// `added` and `to` may be the same: what is added to a place is read before the place is written.
void Trunk::convolve(const Convolution& convolution, const Plane& from, const Plane* added, Plane& to, Room& room) const {
  const int inputs = convolution.inputs, outputs = convolution.outputs;
  if (added != &to) to.shape(from.times, from.bands, outputs);
  const int across = whole_tiles(from.bands) / kTile, all = whole_tiles(from.times) / kTile * across;
  const int together = tiles_together(outputs);
  room.points.resize(std::max(room.points.size(), size_t(kTilePoints) * together * inputs));
  room.products.resize(std::max(room.products.size(), size_t(kTilePoints) * together * outputs));
  for (int first = 0; first < all; first += together) {
    const int count = std::min(together, all - first);
    for (int i = 0; i < count; ++i) {
      const float* corner = from.place((first + i) / across * kTile, (first + i) % across * kTile);
      kernels_.tile_input({corner, from.row, inputs, room.points.data() + size_t(i) * inputs, long(together) * inputs});
    }
    for (int point = 0; point < kTilePoints; ++point) {
      const Matrix& matrix = convolution.points[point];
      kernels_.product({room.points.data() + size_t(point) * together * inputs, inputs, count, matrix.panels.data(), inputs,
                        matrix.bias.data(), room.products.data() + size_t(point) * together * outputs, outputs, outputs});
    }
    for (int i = 0; i < count; ++i) {
      const int time = (first + i) / across * kTile, band = (first + i) % across * kTile;
      kernels_.tile_output({room.products.data() + size_t(i) * outputs, long(together) * outputs, outputs, convolution.bias.data(),
                            added ? added->place(time + 1, band + 1) : nullptr, to.place(time + 1, band + 1), to.row,
                            std::min(kTile, to.times - time), std::min(kTile, to.bands - band)});
    }
  }
}

void Trunk::run(const float* features, int count, float* frames) const {
  Room room;
  Plane &x = room.x, &y = room.y, &z = room.z;
  y.shape(count, kMelBins, 1);
  for (int time = 0; time < count; ++time) std::copy_n(features + size_t(time) * kMelBins, kMelBins, y.place(time + 1, 1));
  step(first_, 1, true, y, x);
  for (const Block& block : blocks_) {
    if (block.halves) {
      step(block.narrowing, 2, true, x, y);
      step(block.shortcut, 2, false, x, z);
      std::swap(x, z);
    } else {
      convolve(block.first, x, nullptr, y, room);
    }
    convolve(block.second, y, &x, x, room);
  }
  for (int time = 0; time < x.times; ++time) {
    for (int band = 0; band < x.bands; ++band) {
      const float* from = x.place(time + 1, band + 1);
      for (int channel = 0; channel < x.channels; ++channel) frames[size_t(time) * kTrunkWidth + channel * x.bands + band] = from[channel];
    }
  }
}

}  // namespace sotto::speakers
