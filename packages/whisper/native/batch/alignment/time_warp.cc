#include "alignment/time_warp.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace sotto::batch {
namespace {

constexpr int kMedianWidth = 7;

// One head's weights: softmax over the window's own frames only.
std::vector<float> head_weights(const AttentionWeights& w, int head) {
  std::vector<float> out(size_t(w.rows) * w.frames);
  for (int r = 0; r < w.rows; ++r) {
    const float* from = w.data + (size_t(r) * w.heads + head) * w.stride;
    double sum = 0;
    for (int f = 0; f < w.frames; ++f) sum += from[f];
    const float scale = sum > 0 ? static_cast<float>(1.0 / sum) : 0.0f;
    for (int f = 0; f < w.frames; ++f) out[size_t(r) * w.frames + f] = from[f] * scale;
  }
  return out;
}

// Each frame's weights over the tokens to mean 0, deviation 1.
void normalise_over_rows(std::vector<float>& weights, int rows, int frames) {
  for (int f = 0; f < frames; ++f) {
    double sum = 0, squares = 0;
    for (int r = 0; r < rows; ++r) sum += weights[size_t(r) * frames + f];
    const double mean = sum / rows;
    for (int r = 0; r < rows; ++r) {
      const double d = weights[size_t(r) * frames + f] - mean;
      squares += d * d;
    }
    const double scale = 1.0 / std::sqrt(std::max(squares / rows, 1e-24));
    for (int r = 0; r < rows; ++r) {
      float& value = weights[size_t(r) * frames + f];
      value = static_cast<float>((value - mean) * scale);
    }
  }
}

// Adds the median of each neighbourhood, edges mirrored.
void add_median_filtered(const float* row, int frames, float* sum) {
  constexpr int half = kMedianWidth / 2;
  float window[kMedianWidth];
  for (int f = 0; f < frames; ++f) {
    for (int i = -half; i <= half; ++i) {
      int at = std::abs(f + i);
      if (at >= frames) at = 2 * (frames - 1) - at;
      window[i + half] = row[std::clamp(at, 0, frames - 1)];
    }
    std::nth_element(window, window + half, window + kMedianWidth);
    sum[f] += window[half];
  }
}

// Steps of the cheapest path through [rows][frames]: 0 diagonal, 1 next row, 2 next frame.
std::vector<int> first_frames(const std::vector<float>& cost, int rows, int frames) {
  const size_t width = size_t(frames) + 1;
  std::vector<float> above(width, INFINITY), here(width, INFINITY);
  std::vector<uint8_t> trace((size_t(rows) + 1) * width, 2);
  above[0] = 0;
  for (int r = 1; r <= rows; ++r) {
    here[0] = INFINITY;
    trace[r * width] = 1;
    for (int f = 1; f <= frames; ++f) {
      const float diagonal = above[f - 1], down = above[f], right = here[f - 1];
      const uint8_t step = diagonal < down && diagonal < right ? 0 : down < diagonal && down < right ? 1 : 2;
      here[f] = cost[size_t(r - 1) * frames + f - 1] + (step == 0 ? diagonal : step == 1 ? down : right);
      trace[r * width + f] = step;
    }
    std::swap(above, here);
  }
  std::vector<int> first(rows, 0);
  int r = rows, f = frames;
  while (r > 0) {
    first[r - 1] = std::max(f - 1, 0);
    const uint8_t step = trace[r * width + f];
    if (step != 2) --r;
    if (step != 1) --f;
  }
  return first;
}

}  // namespace

std::vector<int> align_rows(const AttentionWeights& w) {
  const int path_rows = w.end_row - w.first_row;
  if (path_rows <= 0 || w.frames <= 0) return std::vector<int>(std::max(path_rows, 0), 0);
  std::vector<float> mean(size_t(path_rows) * w.frames, 0.0f);
  for (int h = 0; h < w.heads; ++h) {
    std::vector<float> weights = head_weights(w, h);
    normalise_over_rows(weights, w.rows, w.frames);
    for (int r = 0; r < path_rows; ++r)
      add_median_filtered(&weights[size_t(w.first_row + r) * w.frames], w.frames, &mean[size_t(r) * w.frames]);
  }
  for (float& value : mean) value = -value / w.heads;
  return first_frames(mean, path_rows, w.frames);
}

}  // namespace sotto::batch
