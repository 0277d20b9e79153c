// AVX2 building blocks. Included by kernels only: everything here is static, so that no code compiled for AVX2 can stand in
// for a function of the same name elsewhere; for the same reason kernels call no templates of the standard library.
#pragma once
#include <immintrin.h>

#include <cstdint>

namespace sotto::whisper {
namespace {

constexpr int kLargestValue = 8191;  // of attention's values: their sums run over all frames at once

inline int smaller(int a, int b) { return a < b ? a : b; }
inline float smaller(float a, float b) { return a < b ? a : b; }
inline float larger(float a, float b) { return a < b ? b : a; }

// e^x, relative error about 1e-7, for x <= 88; Cephes expf.
inline __m256 exp8(__m256 x) {
  x = _mm256_max_ps(x, _mm256_set1_ps(-87.3f));
  const __m256 n = _mm256_round_ps(_mm256_mul_ps(x, _mm256_set1_ps(1.44269504f)), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  __m256 r = _mm256_fnmadd_ps(n, _mm256_set1_ps(0.693359375f), x);
  r = _mm256_fnmadd_ps(n, _mm256_set1_ps(-2.12194440e-4f), r);
  __m256 p = _mm256_set1_ps(1.9875691500e-4f);
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(1.3981999507e-3f));
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(8.3334519073e-3f));
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(4.1665795894e-2f));
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(1.6666665459e-1f));
  p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(5.0000001201e-1f));
  p = _mm256_fmadd_ps(p, _mm256_mul_ps(r, r), _mm256_add_ps(r, _mm256_set1_ps(1.0f)));
  const __m256i e = _mm256_slli_epi32(_mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127)), 23);
  return _mm256_mul_ps(p, _mm256_castsi256_ps(e));
}

inline float sum8(__m256 v) {
  __m128 a = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  a = _mm_add_ps(a, _mm_movehl_ps(a, a));
  return _mm_cvtss_f32(_mm_add_ss(a, _mm_movehdup_ps(a)));
}

inline float max8(__m256 v) {
  __m128 a = _mm_max_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  a = _mm_max_ps(a, _mm_movehl_ps(a, a));
  return _mm_cvtss_f32(_mm_max_ss(a, _mm_movehdup_ps(a)));
}

// Whisper's GELU in its tanh form, as x * sigmoid(2u).
inline __m256 gelu8(__m256 x) {
  const __m256 cubic = _mm256_fmadd_ps(_mm256_mul_ps(x, x), _mm256_set1_ps(0.79788456f * 0.044715f), _mm256_set1_ps(0.79788456f));
  const __m256 u = _mm256_mul_ps(x, cubic);
  const __m256 t = exp8(_mm256_min_ps(_mm256_mul_ps(u, _mm256_set1_ps(-2.0f)), _mm256_set1_ps(80.0f)));
  return _mm256_div_ps(x, _mm256_add_ps(t, _mm256_set1_ps(1.0f)));
}

inline void load16(const float* from, __m256& low, __m256& high) {
  low = _mm256_loadu_ps(from);
  high = _mm256_loadu_ps(from + 8);
}

// 16 floats, rounded to whole numbers that 16 bits hold.
inline void store_fixed(int16_t* to, __m256 low, __m256 high) {
  const __m256i packed = _mm256_packs_epi32(_mm256_cvtps_epi32(low), _mm256_cvtps_epi32(high));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm256_permute4x64_epi64(packed, 0xd8));
}

}  // namespace
}  // namespace sotto::whisper
