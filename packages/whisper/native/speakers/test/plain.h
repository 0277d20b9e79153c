// Both networks as their definitions have them, in double.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "weights.h"

namespace sotto::speakers::plain {

using Numbers = std::vector<double>;

inline double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// [channels][length] everywhere.
inline Numbers convolved(const Numbers& x, int inputs, const std::vector<float>& weight, const std::vector<float>& bias, int outputs,
                         int taps, int stride) {
  const int length = int(x.size()) / inputs, steps = (length - taps) / stride + 1;
  Numbers y(size_t(outputs) * steps);
  for (int o = 0; o < outputs; ++o) {
    for (int t = 0; t < steps; ++t) {
      double sum = bias.empty() ? 0 : bias[o];
      for (int i = 0; i < inputs; ++i) {
        for (int k = 0; k < taps; ++k) sum += weight[(size_t(o) * inputs + i) * taps + k] * x[size_t(i) * length + t * stride + k];
      }
      y[size_t(o) * steps + t] = sum;
    }
  }
  return y;
}

inline Numbers pooled(const Numbers& x, int channels) {
  const int length = int(x.size()) / channels, steps = length / 3;
  Numbers y(size_t(channels) * steps);
  for (int c = 0; c < channels; ++c) {
    for (int t = 0; t < steps; ++t)
      y[size_t(c) * steps + t] = *std::max_element(&x[size_t(c) * length + 3 * t], &x[size_t(c) * length + 3 * t] + 3);
  }
  return y;
}

inline void normalise(double* x, int length, double scale, double shift) {
  double mean = 0, variance = 0;
  for (int t = 0; t < length; ++t) mean += x[t] / length;
  for (int t = 0; t < length; ++t) variance += (x[t] - mean) * (x[t] - mean) / length;
  for (int t = 0; t < length; ++t) x[t] = (x[t] - mean) / std::sqrt(variance + 1e-5) * scale + shift;
}

inline void normalise(Numbers& x, const Layer& norm) {
  const int channels = int(norm.bias.size()), length = int(x.size()) / channels;
  for (int c = 0; c < channels; ++c) normalise(&x[size_t(c) * length], length, norm.weight[c], norm.bias[c]);
  for (double& each : x) each = each > 0 ? each : 0.01 * each;
}

// x: [steps][inputs]; y: [steps][256].
inline Numbers remembered(const Numbers& x, int inputs, const Lstm& lstm) {
  const int steps = int(x.size()) / inputs, units = 128, gates = 512;
  Numbers y(size_t(steps) * 2 * units);
  for (int side = 0; side < 2; ++side) {
    Numbers hidden(units), cell(units), gate(gates);
    for (int i = 0; i < steps; ++i) {
      const int t = side == 0 ? i : steps - 1 - i;
      for (int g = 0; g < gates; ++g) {
        double sum = double(lstm.bias[side * 1024 + g]) + lstm.bias[side * 1024 + gates + g];
        for (int k = 0; k < inputs; ++k) sum += lstm.input[(size_t(side) * gates + g) * inputs + k] * x[size_t(t) * inputs + k];
        for (int k = 0; k < units; ++k) sum += lstm.hidden[(size_t(side) * gates + g) * units + k] * hidden[k];
        gate[g] = sum;
      }
      for (int u = 0; u < units; ++u) {
        cell[u] = sigmoid(gate[2 * units + u]) * cell[u] + sigmoid(gate[u]) * std::tanh(gate[3 * units + u]);
        hidden[u] = sigmoid(gate[units + u]) * std::tanh(cell[u]);
        y[size_t(t) * 2 * units + side * units + u] = hidden[u];
      }
    }
  }
  return y;
}

inline Numbers probabilities(const SegmentationWeights& weights, Numbers wave) {
  normalise(wave.data(), int(wave.size()), weights.wave_scale, weights.wave_shift);
  Numbers x = convolved(wave, 1, weights.sinc, {}, 80, 251, 10);
  for (double& each : x) each = std::fabs(each);
  x = pooled(x, 80);
  normalise(x, weights.norms[0]);
  x = pooled(convolved(x, 80, weights.convolutions[0].weight, weights.convolutions[0].bias, 60, 5, 1), 60);
  normalise(x, weights.norms[1]);
  x = pooled(convolved(x, 60, weights.convolutions[1].weight, weights.convolutions[1].bias, 60, 5, 1), 60);
  normalise(x, weights.norms[2]);
  const int steps = int(x.size()) / 60;
  Numbers rows(x.size());
  for (int t = 0; t < steps; ++t) {
    for (int c = 0; c < 60; ++c) rows[size_t(t) * 60 + c] = x[size_t(c) * steps + t];
  }
  for (size_t i = 0; i < weights.lstm.size(); ++i) rows = remembered(rows, i == 0 ? 60 : 256, weights.lstm[i]);
  Numbers result;
  for (int t = 0; t < steps; ++t) {
    Numbers row(rows.begin() + size_t(t) * 256, rows.begin() + size_t(t + 1) * 256);
    for (size_t i = 0; i < weights.linear.size(); ++i) {
      const Layer& layer = weights.linear[i];
      Numbers next(layer.bias.begin(), layer.bias.end());
      for (size_t k = 0; k < row.size(); ++k) {
        for (size_t o = 0; o < next.size(); ++o) next[o] += layer.weight[k * next.size() + o] * row[k];
      }
      for (double& each : next) each = i == 2 || each > 0 ? each : 0.01 * each;
      row = next;
    }
    double sum = 0;
    for (double& each : row) sum += each = std::exp(each);
    for (const double each : row) result.push_back(each / sum);
  }
  return result;
}

// [channels][bands][times].
struct Image {
  int channels, bands, times;
  Numbers values;
  double at(int c, int b, int t) const {
    return b < 0 || t < 0 || b >= bands || t >= times ? 0 : values[(size_t(c) * bands + b) * times + t];
  }
};

inline Image convolved(const Image& x, const Layer& layer, int side, int stride) {
  Image y{int(layer.bias.size()), (x.bands + stride - 1) / stride, (x.times + stride - 1) / stride, {}};
  const int before = side / 2;
  for (int o = 0; o < y.channels; ++o) {
    for (int b = 0; b < y.bands; ++b) {
      for (int t = 0; t < y.times; ++t) {
        double sum = layer.bias[o];
        for (int c = 0; c < x.channels; ++c) {
          for (int i = 0; i < side; ++i) {
            for (int j = 0; j < side; ++j) {
              sum += layer.weight[((size_t(o) * x.channels + c) * side + i) * side + j] *
                     x.at(c, b * stride + i - before, t * stride + j - before);
            }
          }
        }
        y.values.push_back(sum);
      }
    }
  }
  return y;
}

inline Image rectified(Image x, const Image* added = nullptr) {
  for (size_t i = 0; i < x.values.size(); ++i) x.values[i] = std::max(0.0, x.values[i] + (added ? added->values[i] : 0));
  return x;
}

// [times][channels * bands].
inline Numbers trunk(const TrunkWeights& weights, const Image& features) {
  Image x = rectified(convolved(features, weights.first, 3, 1));
  for (const auto& block : weights.blocks) {
    const bool halves = !block.shortcut.weight.empty();
    const Image kept = halves ? convolved(x, block.shortcut, 1, 2) : x;
    x = rectified(convolved(rectified(convolved(x, block.first, 3, halves ? 2 : 1)), block.second, 3, 1), &kept);
  }
  Numbers frames;
  for (int t = 0; t < x.times; ++t) {
    for (int c = 0; c < x.channels; ++c) {
      for (int b = 0; b < x.bands; ++b) frames.push_back(x.at(c, b, t));
    }
  }
  return frames;
}

}  // namespace sotto::speakers::plain
