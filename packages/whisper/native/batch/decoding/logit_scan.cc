#include "decoding/logit_scan.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace sotto::batch {
namespace {

constexpr size_t kLanes = 16;

// e^x for x <= 0 by 2^n * polynomial (Cephes expf); 0 below -87.
inline float exp_negative(float x) {
  const float limited = std::max(x, -87.0f);
  // Adding 1.5 * 2^23 rounds to the nearest integer without a branch or a call.
  const float magic = 12582912.0f, n = (limited * 1.44269504f + magic) - magic;
  const float r = limited - n * 0.693359375f + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const int32_t bits = (static_cast<int32_t>(n) + 127) * (1 << 23);
  float power;
  std::memcpy(&power, &bits, sizeof power);
  return x < -87.0f ? 0.0f : p * power;
}

}  // namespace

float max_of(const float* values, size_t count) {
  float lanes[kLanes];
  std::fill(lanes, lanes + kLanes, -INFINITY);
  size_t i = 0;
  for (; i + kLanes <= count; i += kLanes)
    for (size_t j = 0; j < kLanes; ++j) lanes[j] = lanes[j] < values[i + j] ? values[i + j] : lanes[j];
  float max = -INFINITY;
  for (const float lane : lanes) max = std::max(max, lane);
  for (; i < count; ++i) max = std::max(max, values[i]);
  return max;
}

size_t index_of(const float* values, size_t count, float value) {
  for (size_t i = 0; i < count; ++i)
    if (values[i] == value) return i;
  return count;
}

double sum_exp(const float* values, size_t count, float max, float scale) {
  float lanes[kLanes] = {};
  size_t i = 0;
  for (; i + kLanes <= count; i += kLanes)
    for (size_t j = 0; j < kLanes; ++j) lanes[j] += exp_negative((values[i + j] - max) * scale);
  double sum = 0;
  for (const float lane : lanes) sum += lane;
  for (; i < count; ++i) sum += exp_negative((values[i] - max) * scale);
  return sum;
}

}  // namespace sotto::batch
