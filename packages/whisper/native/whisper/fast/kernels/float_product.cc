// A product in floats, for the spectrogram: its numbers span too many sizes for fixed point.
#include "fast/kernels/kernels.h"
#include "fast/kernels/simd.h"

namespace sotto::whisper::kernels {
namespace {

constexpr int kTileColumns = 6;

// Every loop over the sums must be unrolled, or GCC keeps them in memory (36 instead of 90 GFLOP/s per core).
#define SOTTO_EACH_COLUMN _Pragma("GCC unroll 8") for (int j = 0; j < N; ++j)

template <int N>
__attribute__((noinline)) void tile(int k, const float* __restrict panel, const float* __restrict x, int x_stride, float* __restrict y,
                                    int y_stride) {
  __m256 low[N], high[N];
  SOTTO_EACH_COLUMN low[j] = high[j] = _mm256_setzero_ps();
  for (int l = 0; l < k; ++l, panel += kPanel) {
    __m256 a, b;
    load16(panel, a, b);
    SOTTO_EACH_COLUMN {
      const __m256 v = _mm256_broadcast_ss(x + int64_t(j) * x_stride + l);
      low[j] = _mm256_fmadd_ps(a, v, low[j]);
      high[j] = _mm256_fmadd_ps(b, v, high[j]);
    }
  }
  SOTTO_EACH_COLUMN {
    _mm256_storeu_ps(y + int64_t(j) * y_stride, low[j]);
    _mm256_storeu_ps(y + int64_t(j) * y_stride + 8, high[j]);
  }
}
#undef SOTTO_EACH_COLUMN

constexpr decltype(&tile<1>) kTiles[] = {nullptr, tile<1>, tile<2>, tile<3>, tile<4>, tile<5>, tile<6>};

}  // namespace

void multiply_float(const float* weights, int k, int panels, const float* x, int x_stride, int columns, float* y, int y_stride) {
  for (int column = 0; column < columns; column += kTileColumns)
    for (int panel = 0; panel < panels; ++panel)
      kTiles[smaller(kTileColumns, columns - column)](k, weights + int64_t(panel) * k * kPanel, x + int64_t(column) * x_stride, x_stride,
                                                      y + int64_t(column) * y_stride + panel * kPanel, y_stride);
}

}  // namespace sotto::whisper::kernels
