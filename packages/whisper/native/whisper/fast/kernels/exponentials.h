// What makes weights of attention scores.
#pragma once
#include <cmath>

#include "fast/kernels/simd.h"

namespace sotto::whisper::kernels {
namespace {

constexpr float kScoreScale = 0.125f;  // 1 / sqrt(64)

/** `count` % 8 == 0. */
inline float largest_of(const float* scores, int count) {
  __m256 largest = _mm256_set1_ps(-INFINITY);
  for (int i = 0; i < count; i += 8) largest = _mm256_max_ps(largest, _mm256_loadu_ps(scores + i));
  return max8(largest);
}

/** e^(scaled score - the largest one); some 1e-38 for minus infinity. */
inline __m256 exponential(__m256 scores, __m256 largest) {
  return exp8(_mm256_mul_ps(_mm256_sub_ps(scores, largest), _mm256_set1_ps(kScoreScale)));
}

}  // namespace
}  // namespace sotto::whisper::kernels
