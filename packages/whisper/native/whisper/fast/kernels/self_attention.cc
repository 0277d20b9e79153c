#include "fast/kernels/exponentials.h"
#include "fast/kernels/kernels.h"

namespace sotto::whisper::kernels {

void self_attend(const float* query, const float* keys, const float* values, int stride, const int32_t* cells, int count, float* out,
                 float* scratch) {
  for (int t = 0; t < count; ++t) {
    const float* key = keys + int64_t(cells[t]) * stride;
    __m256 sum = _mm256_setzero_ps();
    for (int i = 0; i < kHead; i += 8) sum = _mm256_fmadd_ps(_mm256_loadu_ps(query + i), _mm256_loadu_ps(key + i), sum);
    scratch[t] = sum8(sum);
  }
  const int padded = (count + 7) / 8 * 8;
  for (int t = count; t < padded; ++t) scratch[t] = -INFINITY;
  const __m256 largest = _mm256_set1_ps(largest_of(scratch, padded));
  __m256 total = _mm256_setzero_ps();
  for (int t = 0; t < padded; t += 8) {
    const __m256 weights = exponential(_mm256_loadu_ps(scratch + t), largest);
    _mm256_storeu_ps(scratch + t, weights);
    total = _mm256_add_ps(total, weights);
  }
  const __m256 inverse = _mm256_set1_ps(1.0f / sum8(total));
  __m256 sums[8];
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) sums[i] = _mm256_setzero_ps();
  for (int t = 0; t < count; ++t) {
    const __m256 w = _mm256_broadcast_ss(scratch + t);
    const float* value = values + int64_t(cells[t]) * stride;
#pragma GCC unroll 8
    for (int i = 0; i < 8; ++i) sums[i] = _mm256_fmadd_ps(w, _mm256_loadu_ps(value + i * 8), sums[i]);
  }
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) _mm256_storeu_ps(out + i * 8, _mm256_mul_ps(sums[i], inverse));
}

}  // namespace sotto::whisper::kernels
