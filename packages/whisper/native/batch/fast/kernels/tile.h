// The product kernel: 16 packed rows times up to 6 columns, accumulated in registers.
#pragma once
#include "fast/kernels/simd.h"

namespace sotto::batch {
namespace {

constexpr int kTileColumns = 6;

/** What happens to a tile of results before it is stored. Pointers are at the tile's first row. */
struct TileEnd {
  const float* bias = nullptr;
  const float* residual = nullptr;  // [column][residual_stride]
  int residual_stride = 0;
  bool accumulate = false;  // add to what `y` holds
  bool gelu = false;
};

// Every loop over the accumulators must be unrolled, or GCC keeps them in memory (36 instead of 90 GFLOP/s per core).
#define SOTTO_EACH_COLUMN _Pragma("GCC unroll 8") for (int j = 0; j < N; ++j)

template <int N, typename Weight>
__attribute__((noinline)) void tile(int k, const Weight* __restrict panel, const float* __restrict x, int x_stride,
                                    float* __restrict y, int y_stride, const TileEnd& end) {
  __m256 low[N], high[N];
  SOTTO_EACH_COLUMN {
    low[j] = _mm256_setzero_ps();
    high[j] = _mm256_setzero_ps();
  }
  for (int l = 0; l < k; ++l, panel += kPanel) {
    __m256 a, b;
    load16(panel, a, b);
    SOTTO_EACH_COLUMN {
      const __m256 v = _mm256_broadcast_ss(x + int64_t(j) * x_stride + l);
      low[j] = _mm256_fmadd_ps(a, v, low[j]);
      high[j] = _mm256_fmadd_ps(b, v, high[j]);
    }
  }
  const auto add = [&](const float* from, int64_t stride) __attribute__((always_inline)) {
    SOTTO_EACH_COLUMN {
      low[j] = _mm256_add_ps(low[j], _mm256_loadu_ps(from + j * stride));
      high[j] = _mm256_add_ps(high[j], _mm256_loadu_ps(from + j * stride + 8));
    }
  };
  if (end.accumulate) add(y, y_stride);
  if (end.bias) add(end.bias, 0);
  if (end.residual) add(end.residual, end.residual_stride);
  if (end.gelu) SOTTO_EACH_COLUMN {
      low[j] = gelu8(low[j]);
      high[j] = gelu8(high[j]);
    }
  SOTTO_EACH_COLUMN {
    _mm256_storeu_ps(y + int64_t(j) * y_stride, low[j]);
    _mm256_storeu_ps(y + int64_t(j) * y_stride + 8, high[j]);
  }
}
#undef SOTTO_EACH_COLUMN

template <typename Weight>
inline void tile_of(int columns, int k, const Weight* panel, const float* x, int x_stride, float* y, int y_stride,
                    const TileEnd& end) {
  switch (columns) {
    case 6: return tile<6>(k, panel, x, x_stride, y, y_stride, end);
    case 5: return tile<5>(k, panel, x, x_stride, y, y_stride, end);
    case 4: return tile<4>(k, panel, x, x_stride, y, y_stride, end);
    case 3: return tile<3>(k, panel, x, x_stride, y, y_stride, end);
    case 2: return tile<2>(k, panel, x, x_stride, y, y_stride, end);
    default: return tile<1>(k, panel, x, x_stride, y, y_stride, end);
  }
}

/** Columns of the next tile when `left` remain: even shares, since narrow tiles wait for their own sums. */
inline int tile_width(int left) {
  const int tiles = (left + kTileColumns - 1) / kTileColumns;
  return (left + tiles - 1) / tiles;
}

}  // namespace
}  // namespace sotto::batch
