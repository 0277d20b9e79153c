// Token times from attention that is known.
#include <random>

#include "alignment/time_warp.h"
#include "check.h"

using namespace sotto::batch;

static void check_staircase(int rows, int frames_per_row) {
  const int frames = rows * frames_per_row, heads = 2, stride = frames + 7;
  std::mt19937 random(rows);
  std::uniform_real_distribution<float> noise(0, 0.02f);
  std::vector<float> weights(size_t(rows) * heads * stride);
  for (float& weight : weights) weight = noise(random);
  for (int r = 0; r < rows; ++r)
    for (int h = 0; h < heads; ++h)
      for (int f = 0; f < frames_per_row; ++f) weights[(size_t(r) * heads + h) * stride + r * frames_per_row + f] += 1;
  const std::vector<int> starts = align_rows({weights.data(), rows, heads, frames, stride, 1, rows - 1});
  SOTTO_CHECK(starts.size() == size_t(rows - 2));
  for (size_t i = 1; i < starts.size(); ++i) SOTTO_CHECK(std::abs(starts[i] - int(i + 1) * frames_per_row) <= 3);
}

int main() {
  check_staircase(5, 20);
  check_staircase(40, 10);
  SOTTO_CHECK(align_rows({nullptr, 0, 1, 10, 10, 0, 0}).empty());
  const std::vector<float> one(3, 0.3f);  // fewer frames than the median filter is wide
  SOTTO_CHECK(align_rows({one.data(), 3, 1, 1, 1, 0, 3}).size() == 3);
  return report("alignment_test");
}
