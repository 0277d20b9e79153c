#include <cmath>

#include "fast/kernels/kernels.h"
#include "fast/kernels/simd.h"

namespace sotto::whisper::kernels {
namespace {

// Natural logarithm of normal x > 0; Cephes logf.
__m256 log8(__m256 x) {
  const __m256i bits = _mm256_castps_si256(x);
  const __m256i exponent = _mm256_sub_epi32(_mm256_srli_epi32(bits, 23), _mm256_set1_epi32(127));
  __m256 m = _mm256_castsi256_ps(_mm256_or_si256(_mm256_and_si256(bits, _mm256_set1_epi32(0x7fffff)), _mm256_set1_epi32(0x3f800000)));
  const __m256 big = _mm256_cmp_ps(m, _mm256_set1_ps(1.41421356f), _CMP_GT_OQ);
  m = _mm256_blendv_ps(m, _mm256_mul_ps(m, _mm256_set1_ps(0.5f)), big);
  const __m256 e = _mm256_add_ps(_mm256_cvtepi32_ps(exponent), _mm256_and_ps(big, _mm256_set1_ps(1.0f)));
  const __m256 z = _mm256_sub_ps(m, _mm256_set1_ps(1.0f)), z2 = _mm256_mul_ps(z, z);
  constexpr float kCoefficients[] = {-1.1514610310e-1f, 1.1676998740e-1f, -1.2420140846e-1f, 1.4249322787e-1f,
                                     -1.6668057665e-1f, 2.0000714765e-1f, -2.4999993993e-1f, 3.3333331174e-1f};
  __m256 p = _mm256_set1_ps(7.0376836292e-2f);
  for (const float c : kCoefficients) p = _mm256_fmadd_ps(p, z, _mm256_set1_ps(c));
  __m256 y = _mm256_mul_ps(_mm256_mul_ps(p, z), z2);
  y = _mm256_fnmadd_ps(z2, _mm256_set1_ps(0.5f), y);
  return _mm256_fmadd_ps(e, _mm256_set1_ps(0.69314718f), _mm256_add_ps(z, y));
}

}  // namespace

void layer_norm(const float* x, int size, int rows, const float* weight, const float* bias, float epsilon, float* y) {
  for (int r = 0; r < rows; ++r, x += size, y += size) {
    __m256 sum = _mm256_setzero_ps();
    for (int i = 0; i < size; i += 8) sum = _mm256_add_ps(sum, _mm256_loadu_ps(x + i));
    const __m256 mean = _mm256_set1_ps(sum8(sum) / size);
    __m256 squares = _mm256_setzero_ps();
    for (int i = 0; i < size; i += 8) {
      const __m256 d = _mm256_sub_ps(_mm256_loadu_ps(x + i), mean);
      squares = _mm256_fmadd_ps(d, d, squares);
    }
    const __m256 scale = _mm256_set1_ps(1.0f / std::sqrt(sum8(squares) / size + epsilon));
    for (int i = 0; i < size; i += 8) {
      const __m256 d = _mm256_mul_ps(_mm256_sub_ps(_mm256_loadu_ps(x + i), mean), scale);
      _mm256_storeu_ps(y + i, _mm256_fmadd_ps(d, _mm256_loadu_ps(weight + i), _mm256_loadu_ps(bias + i)));
    }
  }
}

float log10_rows(float* values, int64_t count) {
  __m256 largest = _mm256_set1_ps(-INFINITY);
  for (int64_t i = 0; i < count; i += 8) {
    const __m256 x = _mm256_max_ps(_mm256_loadu_ps(values + i), _mm256_set1_ps(1e-10f));
    const __m256 y = _mm256_mul_ps(log8(x), _mm256_set1_ps(0.4342944819f));
    _mm256_storeu_ps(values + i, y);
    largest = _mm256_max_ps(largest, y);
  }
  return max8(largest);
}

void power_rows(float* re_im, int bins, int rows) {
  for (int r = 0; r < rows; ++r) {
    float* re = re_im + int64_t(r) * 2 * bins;
    for (int k = 0; k < bins; k += 8) {
      const __m256 a = _mm256_loadu_ps(re + k), b = _mm256_loadu_ps(re + bins + k);
      _mm256_storeu_ps(re + k, _mm256_fmadd_ps(a, a, _mm256_mul_ps(b, b)));
    }
  }
}

}  // namespace sotto::whisper::kernels
