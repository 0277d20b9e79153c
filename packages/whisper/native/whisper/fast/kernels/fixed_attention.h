// Attention over packed frames, for the instruction set this is compiled for: two products with a softmax between.
#pragma once
#include "fast/kernels/exponentials.h"
#include "fast/kernels/fixed_product.h"

namespace sotto::whisper::kernels {
namespace {

// Values are at most kLargestValue, so sums of weights up to this times values do not overflow.
constexpr float kLargestWeightSum = 2147483000.0f / kLargestValue;

/** Attention weights of one row, times their sum: what they stand for is divided by it in the end. */
struct Weighed {
  float sum;    // of the weights
  float scale;  // of the fixed-point weights
};

// Scores to weights in place, and weights times the values' scales to fixed point. `padded` is a multiple of 16; past `count` there is nothing.
inline Weighed weigh(float* scores, int count, int padded, const float* value_scales, int16_t* fixed) {
  for (int i = count; i < padded; ++i) scores[i] = -INFINITY;
  const __m256 top = _mm256_set1_ps(largest_of(scores, padded));
  __m256 sums = _mm256_setzero_ps(), scaled_sums = sums, largest = sums;
  for (int i = 0; i < padded; i += 8) {
    const __m256 e = exponential(_mm256_loadu_ps(scores + i), top);
    const __m256 scaled = _mm256_mul_ps(e, _mm256_loadu_ps(value_scales + i));
    _mm256_storeu_ps(scores + i, e);
    sums = _mm256_add_ps(sums, e);
    scaled_sums = _mm256_add_ps(scaled_sums, scaled);
    largest = _mm256_max_ps(largest, scaled);
  }
  // Rounding adds at most a half to each.
  const float scale = larger(max8(largest) / 32767.0f, sum8(scaled_sums) / (kLargestWeightSum - float(padded)));
  const __m256 inverse = _mm256_set1_ps(scale > 0 ? 1.0f / scale : 0.0f);
  for (int i = 0; i < padded; i += 16) {
    const __m256 low = _mm256_mul_ps(_mm256_loadu_ps(scores + i), _mm256_loadu_ps(value_scales + i));
    const __m256 high = _mm256_mul_ps(_mm256_loadu_ps(scores + i + 8), _mm256_loadu_ps(value_scales + i + 8));
    store_fixed(fixed + i, _mm256_mul_ps(low, inverse), _mm256_mul_ps(high, inverse));
  }
  return {sum8(sums), scale};
}

void attend(const Frames& frames, const Queries& queries, float* out, int out_stride, const AttendScratch& scratch) {
  const int width = frames.padded(), rows = queries.rows;
  const Panels keys{frames.keys, frames.key_scales, nullptr, kHead, kHead};
  multiply(keys, 0, width / kPanel, {queries.values, queries.scales, queries.stride, queries.scale_stride, rows, scratch.weights, width});
  float scales[kQueries];
  for (int q = 0; q < rows; ++q) {
    float* scores = scratch.weights + int64_t(q) * width;
    const Weighed weighed = weigh(scores, frames.count, width, frames.value_scales, scratch.fixed + int64_t(q) * width);
    scratch.sums[q] = weighed.sum;
    scales[q] = weighed.scale / weighed.sum;
  }
  const Panels values{frames.values, nullptr, nullptr, width, width};
  multiply(values, 0, kHead / kPanel, {scratch.fixed, scales, width, 1, rows, out, out_stride});
}

}  // namespace
}  // namespace sotto::whisper::kernels
