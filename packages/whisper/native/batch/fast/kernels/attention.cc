#include <cmath>
#include <cstring>

#include "fast/kernels/kernels.h"
#include "fast/kernels/tile.h"

namespace sotto::batch::kernels {
namespace {

constexpr int kQueries = 24;  // whose weights stay in the second-level cache
constexpr int kDepth = 384;
constexpr int kValuePanels = kHead / kPanel;
constexpr float kScale = 0.125f;  // 1 / sqrt(64)

// Softmax of scale * x in place.
void softmax(float* x, int count) {
  int i = 0;
  __m256 m = _mm256_set1_ps(-INFINITY);
  for (; i + 8 <= count; i += 8) m = _mm256_max_ps(m, _mm256_loadu_ps(x + i));
  float max = max8(m);
  for (; i < count; ++i) max = x[i] > max ? x[i] : max;
  const __m256 top = _mm256_set1_ps(max), scale = _mm256_set1_ps(kScale);
  __m256 sums = _mm256_setzero_ps();
  for (i = 0; i + 8 <= count; i += 8) {
    const __m256 e = exp8(_mm256_mul_ps(_mm256_sub_ps(_mm256_loadu_ps(x + i), top), scale));
    _mm256_storeu_ps(x + i, e);
    sums = _mm256_add_ps(sums, e);
  }
  float sum = sum8(sums);
  for (; i < count; ++i) sum += x[i] = expf((x[i] - max) * kScale);
  const __m256 inverse = _mm256_set1_ps(1.0f / sum);
  for (i = 0; i + 8 <= count; i += 8) _mm256_storeu_ps(x + i, _mm256_mul_ps(_mm256_loadu_ps(x + i), inverse));
  for (; i < count; ++i) x[i] *= 1.0f / sum;
}

void attend_block(const float* keys, const float* values, int frames, const float* queries, int stride, int rows, float* out,
                  int out_stride, float* weights) {
  const int panels = (frames + kPanel - 1) / kPanel, width = panels * kPanel;
  for (int block = 0; block < panels; block += 4)
    for (int q = 0; q < rows; q += kTileColumns)
      for (int p = block; p < smaller(panels, block + 4); ++p)
        tile_of(smaller(kTileColumns, rows - q), kHead, keys + int64_t(p) * kHead * kPanel, queries + int64_t(q) * stride, stride,
                weights + int64_t(q) * width + p * kPanel, width, {});
  for (int q = 0; q < rows; ++q) softmax(weights + int64_t(q) * width, frames);
  for (int f = 0; f < frames; f += kDepth)
    for (int q = 0; q < rows; q += kTileColumns)
      for (int p = 0; p < kValuePanels; ++p) {
        TileEnd end;
        end.accumulate = f > 0;
        tile_of(smaller(kTileColumns, rows - q), smaller(kDepth, frames - f), values + (int64_t(p) * frames + f) * kPanel,
                weights + int64_t(q) * width + f, width, out + int64_t(q) * out_stride + p * kPanel, out_stride, end);
      }
}

// 64 sums of weight * value over the frames, for one query.
void weigh_values(const uint16_t* values, int frames, const float* weights, float* out) {
  __m256 sums[8];
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) sums[i] = _mm256_setzero_ps();
  for (int t = 0; t < frames; ++t) {
    const __m256 w = _mm256_broadcast_ss(weights + t);
#pragma GCC unroll 4
    for (int p = 0; p < kValuePanels; ++p) {
      __m256 low, high;
      load16(values + (int64_t(p) * frames + t) * kPanel, low, high);
      sums[2 * p] = _mm256_fmadd_ps(low, w, sums[2 * p]);
      sums[2 * p + 1] = _mm256_fmadd_ps(high, w, sums[2 * p + 1]);
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) _mm256_storeu_ps(out + i * 8, sums[i]);
}

}  // namespace

int64_t attend_scratch(int frames) { return int64_t(kQueries) * ((frames + kPanel - 1) / kPanel * kPanel); }

void attend(const PackedFrames& packed, int heads, const float* queries, int stride, int rows, float* out, int out_stride,
            float* scratch) {
  for (int h = 0; h < heads; ++h)
    for (int q = 0; q < rows; q += kQueries)
      attend_block(packed.keys + h * packed.keys_per_head(), packed.values + h * packed.values_per_head(), packed.frames,
                   queries + int64_t(q) * stride + h * kHead, stride, smaller(kQueries, rows - q),
                   out + int64_t(q) * out_stride + h * kHead, out_stride, scratch);
}

void cross_attend(const PackedHalf& packed, const float* queries, int stride, int rows, float* out, int out_stride, float* weights) {
  const int panels = (packed.frames + kPanel - 1) / kPanel, width = panels * kPanel;
  for (int p = 0; p < panels; ++p)
    tile_of(rows, kHead, packed.keys + int64_t(p) * kHead * kPanel, queries, stride, weights + p * kPanel, width, {});
  for (int q = 0; q < rows; ++q) softmax(weights + int64_t(q) * width, packed.frames);
  if (rows == 1) return weigh_values(packed.values, packed.frames, weights, out);
  for (int p = 0; p < kValuePanels; ++p)
    tile_of(rows, packed.frames, packed.values + int64_t(p) * packed.frames * kPanel, weights, width, out + p * kPanel, out_stride, {});
}

void self_attend(const float* query, const float* keys, const float* values, int stride, const int32_t* cells, int count, float* out,
                 float* scratch) {
  for (int t = 0; t < count; ++t) {
    const float* key = keys + int64_t(cells[t]) * stride;
    __m256 sum = _mm256_setzero_ps();
    for (int i = 0; i < kHead; i += 8) sum = _mm256_fmadd_ps(_mm256_loadu_ps(query + i), _mm256_loadu_ps(key + i), sum);
    scratch[t] = sum8(sum);
  }
  softmax(scratch, count);
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
  for (int i = 0; i < 8; ++i) _mm256_storeu_ps(out + i * 8, sums[i]);
}

}  // namespace sotto::batch::kernels
