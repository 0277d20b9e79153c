// 16 packed rows, several panels of them, times a few columns: sums of 16-bit products in registers. Compiled once for each
// instruction set; what follows the integers is the same eight-float code for all of them.
#pragma once
#include <cstring>

#include "fast/kernels/kernels.h"
#include "fast/kernels/simd.h"

namespace sotto::whisper::kernels {
namespace {

/** What happens to a tile of sums before it is stored. Pointers are at the tile's first row. */
struct TileEnd {
  const float* row_scales = nullptr;  // null: 1
  const float* bias = nullptr;
  const float* residual = nullptr;  // [column][residual_stride]
  int residual_stride = 0;
  bool accumulate = false;  // add to what `y` holds
  bool gelu = false;
};

inline int32_t pair_at(const int16_t* x) {
  int32_t pair;
  std::memcpy(&pair, x, sizeof pair);
  return pair;
}

// Every loop over the sums must be unrolled, or GCC keeps them in memory.
#define SOTTO_EACH_COLUMN _Pragma("GCC unroll 16") for (int j = 0; j < N; ++j)
#define SOTTO_EACH_PANEL _Pragma("GCC unroll 4") for (int p = 0; p < P; ++p)

#if defined(__AVX512VNNI__)
constexpr int kTileColumns = 12;

template <int N, int P>
inline __attribute__((always_inline)) void sum_products(int depth, const int16_t* panel, int64_t panel_size, const int16_t* x, int x_stride,
                                                        __m256i (&low)[N][P], __m256i (&high)[N][P]) {
  __m512i sums[N][P];
  SOTTO_EACH_COLUMN SOTTO_EACH_PANEL sums[j][p] = _mm512_setzero_si512();
  for (int l = 0; l < depth; l += 2, panel += 2 * kPanel) {
    __m512i rows[P];
    SOTTO_EACH_PANEL rows[p] = _mm512_loadu_si512(panel + p * panel_size);
    SOTTO_EACH_COLUMN {
      const __m512i pair = _mm512_set1_epi32(pair_at(x + int64_t(j) * x_stride + l));
      SOTTO_EACH_PANEL sums[j][p] = _mm512_dpwssd_epi32(sums[j][p], rows[p], pair);
    }
  }
  SOTTO_EACH_COLUMN SOTTO_EACH_PANEL {
    low[j][p] = _mm512_castsi512_si256(sums[j][p]);
    high[j][p] = _mm512_extracti64x4_epi64(sums[j][p], 1);
  }
}
#else
constexpr int kTileColumns = 4;  // two registers of sums each; more would not stay in the sixteen there are

template <int N, int P>
inline __attribute__((always_inline)) void sum_products(int depth, const int16_t* panel, int64_t panel_size, const int16_t* x, int x_stride,
                                                        __m256i (&low)[N][P], __m256i (&high)[N][P]) {
  SOTTO_EACH_COLUMN SOTTO_EACH_PANEL low[j][p] = high[j][p] = _mm256_setzero_si256();
  for (int l = 0; l < depth; l += 2, panel += 2 * kPanel) {
    SOTTO_EACH_PANEL {
      const __m256i first = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(panel + p * panel_size));
      const __m256i second = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(panel + p * panel_size + kPanel));
      SOTTO_EACH_COLUMN {
        const __m256i pair = _mm256_set1_epi32(pair_at(x + int64_t(j) * x_stride + l));
        low[j][p] = _mm256_add_epi32(low[j][p], _mm256_madd_epi16(first, pair));
        high[j][p] = _mm256_add_epi32(high[j][p], _mm256_madd_epi16(second, pair));
      }
    }
  }
}
#endif

template <int N, int P>
__attribute__((noinline)) void tile(int depth, const int16_t* __restrict panel, int64_t panel_size, const int16_t* __restrict x,
                                    int x_stride, const float* column_scales, int scale_stride, float* __restrict y, int y_stride,
                                    const TileEnd& end) {
  __m256i low_sums[N][P], high_sums[N][P];
  sum_products<N, P>(depth, panel, panel_size, x, x_stride, low_sums, high_sums);
  SOTTO_EACH_PANEL {
    const int row = p * kPanel;
    __m256 low_scale = _mm256_set1_ps(1), high_scale = low_scale;
    if (end.row_scales) load16(end.row_scales + row, low_scale, high_scale);
    SOTTO_EACH_COLUMN {
      const __m256 column = _mm256_set1_ps(column_scales[int64_t(j) * scale_stride]);
      __m256 low = _mm256_mul_ps(_mm256_cvtepi32_ps(low_sums[j][p]), _mm256_mul_ps(low_scale, column));
      __m256 high = _mm256_mul_ps(_mm256_cvtepi32_ps(high_sums[j][p]), _mm256_mul_ps(high_scale, column));
      const auto add = [&](const float* from) __attribute__((always_inline)) {
        low = _mm256_add_ps(low, _mm256_loadu_ps(from));
        high = _mm256_add_ps(high, _mm256_loadu_ps(from + 8));
      };
      float* to = y + int64_t(j) * y_stride + row;
      if (end.accumulate) add(to);
      if (end.bias) add(end.bias + row);
      if (end.residual) add(end.residual + int64_t(j) * end.residual_stride + row);
      if (end.gelu) {
        low = gelu8(low);
        high = gelu8(high);
      }
      _mm256_storeu_ps(to, low);
      _mm256_storeu_ps(to + 8, high);
    }
  }
}
#undef SOTTO_EACH_COLUMN
#undef SOTTO_EACH_PANEL

/** Columns of the next tile when `left` remain: even shares. */
inline int tile_width(int left) {
  const int tiles = (left + kTileColumns - 1) / kTileColumns;
  return (left + tiles - 1) / tiles;
}

/** Panels that a tile of so many columns takes at once: narrow tiles would wait for their own sums. */
inline int tile_panels(int columns) { return columns == 1 ? 4 : columns <= 3 ? 2 : 1; }

}  // namespace
}  // namespace sotto::whisper::kernels
