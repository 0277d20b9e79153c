#include <cmath>
#include <cstring>

#include "fast/kernels/kernels.h"
#include "fast/kernels/simd.h"

namespace sotto::whisper::kernels {
namespace {

struct Extent {
  float largest, squares;
};

Extent extent_of(const float* x, int count) {
  const __m256 magnitude = _mm256_castsi256_ps(_mm256_set1_epi32(0x7fffffff));
  __m256 largest = _mm256_setzero_ps(), squares = largest;
  for (int i = 0; i < count; i += 8) {
    const __m256 v = _mm256_loadu_ps(x + i);
    largest = _mm256_max_ps(largest, _mm256_and_ps(v, magnitude));
    squares = _mm256_fmadd_ps(v, v, squares);
  }
  return {max8(largest), sum8(squares)};
}

// A block to whole numbers of at most `limit` and largest_rms. @returns what one of them means.
float fix_block(const float* x, int depth, float limit, float rms_limit, int16_t* values) {
  const Extent extent = extent_of(x, depth);
  const float scale = larger(extent.largest / limit, std::sqrt(extent.squares / depth) / rms_limit);
  const __m256 inverse = _mm256_set1_ps(scale > 0 ? 1.0f / scale : 0.0f);
  for (int i = 0; i < depth; i += 16)
    store_fixed(values + i, _mm256_mul_ps(_mm256_loadu_ps(x + i), inverse), _mm256_mul_ps(_mm256_loadu_ps(x + i + 8), inverse));
  return scale;
}

}  // namespace

// Rounding adds at most half to a root mean square, the last bits of the floats less than another half.
float largest_rms(int depth) { return smaller(32767.0f, std::sqrt(2147483647.0f / depth) - 1); }

void fix_rows(const float* x, int x_stride, int rows, int blocks, int depth, int16_t* values, float* scales) {
  const float rms_limit = largest_rms(depth);
  for (int r = 0; r < rows; ++r, x += x_stride)
    for (int b = 0; b < blocks; ++b, values += depth) *scales++ = fix_block(x + b * depth, depth, 32767, rms_limit, values);
}

void fix_frames(const Frames& frames, int first, int rows, const float* keys, const float* values, int stride) {
  const float rms_limit = largest_rms(kHead);
  alignas(32) int16_t key[kHead], value[2][kHead];
  for (int r = 0; r < rows; ++r) {
    const int t = first + r;
    frames.key_scales[t] = fix_block(keys + int64_t(r) * stride, kHead, 32767, rms_limit, key);
    int16_t* to = frames.keys + int64_t(t / kPanel) * kHead * kPanel + t % kPanel * 2;
    for (int l = 0; l < kHead; l += 2) std::memcpy(to + l * kPanel, key + l, 2 * sizeof(int16_t));

    frames.value_scales[t] = fix_block(values + int64_t(r) * stride, kHead, kLargestValue, rms_limit, value[t % 2]);
    const bool even = t % 2 == 0, alone = even && r + 1 == rows;
    if (alone) std::memset(value[1], 0, sizeof value[1]);
    if (even && !alone) continue;
    for (int p = 0; p < kHead / kPanel; ++p) {
      const __m256i a = _mm256_load_si256(reinterpret_cast<const __m256i*>(value[0] + p * kPanel));
      const __m256i b = _mm256_load_si256(reinterpret_cast<const __m256i*>(value[1] + p * kPanel));
      const __m256i low = _mm256_unpacklo_epi16(a, b), high = _mm256_unpackhi_epi16(a, b);
      auto* pair = reinterpret_cast<__m256i*>(frames.values + int64_t(p) * frames.padded() * kPanel + int64_t(t / 2) * 2 * kPanel);
      _mm256_storeu_si256(pair, _mm256_permute2x128_si256(low, high, 0x20));
      _mm256_storeu_si256(pair + 1, _mm256_permute2x128_si256(low, high, 0x31));
    }
  }
}

void unpack_row(const Panels& panels, int row, float* out) {
  const int16_t* from = panels.weights + int64_t(row / kPanel) * panels.k * kPanel + row % kPanel * 2;
  const float scale = panels.scales[row];
  for (int l = 0; l < panels.k; l += 2, from += 2 * kPanel) {
    out[l] = from[0] * scale;
    out[l + 1] = from[1] * scale;
  }
}

}  // namespace sotto::whisper::kernels
