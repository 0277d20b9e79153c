#include "alignment/align_tokens.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace sotto {

namespace {

constexpr int kMedianWidth = 7;  // as openai/whisper
constexpr float kEpsilon = 1e-9f;
constexpr float kOnsetShare = 0.15f;  // of the strongest attention

// Sum over heads of one token's attention in frames [from, to).
std::vector<float> attention(const AttentionMap& map, int token, int from, int to) {
  std::vector<float> sum(size_t(to - from), 0.0f);
  for (int h = 0; h < map.heads; ++h) {
    const float* row = map.weights.data() + (size_t(h) * map.tokens + token) * map.frames;
    for (int f = from; f < to; ++f) sum[size_t(f - from)] += row[f];
  }
  return sum;
}

// The path gives a pause to one neighbour or the other as it falls; the token begins where it is looked for.
int onset(const std::vector<float>& attention) {
  const float strongest = *std::max_element(attention.begin(), attention.end());
  const auto at = std::find_if(attention.begin(), attention.end(), [&](float a) { return a >= kOnsetShare * strongest; });
  return int(at - attention.begin());
}

// Each frame's weights over all tokens, brought to mean 0 and deviation 1: a frame that every token looks at says nothing.
void normalize(float* head, int tokens, int frames) {
  std::vector<float> mean(frames, 0.0f), square(frames, 0.0f);
  for (int t = 0; t < tokens; ++t) {
    const float* row = head + size_t(t) * frames;
    for (int f = 0; f < frames; ++f) mean[f] += row[f];
  }
  for (int f = 0; f < frames; ++f) mean[f] /= tokens;
  for (int t = 0; t < tokens; ++t) {
    const float* row = head + size_t(t) * frames;
    for (int f = 0; f < frames; ++f) square[f] += (row[f] - mean[f]) * (row[f] - mean[f]);
  }
  for (int f = 0; f < frames; ++f) square[f] = 1.0f / std::sqrt(square[f] / tokens + kEpsilon);
  for (int t = 0; t < tokens; ++t) {
    float* row = head + size_t(t) * frames;
    for (int f = 0; f < frames; ++f) row[f] = (row[f] - mean[f]) * square[f];
  }
}

// Adds the median-filtered row to `sum`. Sorting network for 7 values (N. Devillard, "Fast median search"), so that the
// compiler can take many frames at once.
void add_median(const float* padded, float* sum, int frames) {
  for (int f = 0; f < frames; ++f) {
    float p[kMedianWidth];
    for (int k = 0; k < kMedianWidth; ++k) p[k] = padded[f + k];
    const auto sort = [&p](int a, int b) {
      const float low = std::min(p[a], p[b]), high = std::max(p[a], p[b]);
      p[a] = low;
      p[b] = high;
    };
    sort(0, 5), sort(0, 3), sort(1, 6), sort(2, 4), sort(0, 1), sort(3, 5), sort(2, 6);
    sort(2, 3), sort(3, 6), sort(4, 5), sort(1, 4), sort(1, 3), sort(3, 4);
    sum[f] += p[3];
  }
}

// Mean over heads of the filtered rows [first, first + rows): [row][frame].
std::vector<float> filtered_mean(const AttentionMap& map, int first, int rows) {
  const int half = kMedianWidth / 2, frames = map.frames;
  std::vector<float> out(size_t(rows) * frames, 0.0f), padded(frames + 2 * half);
  for (int h = 0; h < map.heads; ++h) {
    for (int r = 0; r < rows; ++r) {
      const float* row = map.weights.data() + (size_t(h) * map.tokens + first + r) * frames;
      std::copy(row, row + frames, padded.begin() + half);
      for (int k = 1; k <= half; ++k) {  // mirrored at both ends
        padded[half - k] = row[k];
        padded[half + frames - 1 + k] = row[frames - 1 - k];
      }
      add_median(padded.data(), out.data() + size_t(r) * frames, frames);
    }
  }
  for (float& v : out) v /= map.heads;
  return out;
}

enum Step : uint8_t { kBoth, kRow, kFrame };

// Cheapest monotone path through -gain; the frame at which each row begins.
std::vector<int> row_starts(const std::vector<float>& gain, int rows, int frames) {
  const float infinity = std::numeric_limits<float>::infinity();
  std::vector<float> before(frames + 1, infinity), now(frames + 1);
  std::vector<uint8_t> steps(size_t(rows) * frames);
  before[0] = 0;
  for (int r = 0; r < rows; ++r) {
    now[0] = infinity;
    for (int f = 0; f < frames; ++f) {
      const float both = before[f], row = before[f + 1], frame = now[f];
      Step step = kFrame;
      float cost = frame;
      if (both < row && both < frame) {
        step = kBoth, cost = both;
      } else if (row < both && row < frame) {
        step = kRow, cost = row;
      }
      now[f + 1] = cost - gain[size_t(r) * frames + f];
      steps[size_t(r) * frames + f] = step;
    }
    std::swap(before, now);
  }
  std::vector<int> starts(rows, 0);
  int r = rows - 1, f = frames - 1;
  while (r >= 0 && f >= 0) {
    starts[r] = f;
    const uint8_t step = steps[size_t(r) * frames + f];
    if (step != kFrame) --r;
    if (step != kRow) --f;
  }
  return starts;
}

}  // namespace

std::vector<TokenSpan> align_tokens(const AttentionMap& map, int rows_before_text) {
  const int first = rows_before_text - 1;   // the row that predicts the first text token
  const int rows = map.tokens - 1 - first;  // without end of text
  if (first < 0 || rows < 2 || map.frames <= kMedianWidth || map.heads == 0) return {};
  AttentionMap normal = map;
  for (int h = 0; h < map.heads; ++h) normalize(normal.weights.data() + size_t(h) * map.tokens * map.frames, map.tokens, map.frames);
  const std::vector<int> starts = row_starts(filtered_mean(normal, first, rows), rows, map.frames);
  std::vector<TokenSpan> spans;
  for (int r = 0; r + 1 < rows; ++r) {
    const int to = std::max(starts[r] + 1, starts[r + 1]);
    spans.push_back({(starts[r] + onset(attention(map, first + r, starts[r], to))) * kFrameMs, to * kFrameMs});
  }
  return spans;
}

}  // namespace sotto
