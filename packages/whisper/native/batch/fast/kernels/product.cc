#include "fast/kernels/kernels.h"
#include "fast/kernels/tile.h"

namespace sotto::batch::kernels {
namespace {

constexpr int kDepth = 384;        // of k at a time, and
constexpr int kPanelsAtOnce = 12;  // panels at a time: together they stay in the second-level cache

template <typename Weight>
void multiply_block(const Weight* weights, const float* bias, int k, int first, int end, int l, const Product& p) {
  const int depth = smaller(kDepth, k - l);
  const bool last = l + depth == k;
  for (int column = 0, width; column < p.columns; column += width) {
    width = tile_width(p.columns - column);
    const float* x = p.x + int64_t(column) * p.x_stride + l;
    for (int panel = first; panel < end; ++panel) {
      const int64_t at = int64_t(column) * p.y_stride + panel * kPanel;
      TileEnd tile_end;
      tile_end.accumulate = l > 0;
      tile_end.gelu = p.gelu && last;
      if (l == 0) {  // first, since the residual may be `y` itself
        tile_end.bias = bias ? bias + panel * kPanel : nullptr;
        tile_end.residual = p.residual ? p.residual + at : nullptr;
        tile_end.residual_stride = p.y_stride;
      }
      tile_of(width, depth, weights + (int64_t(panel) * k + l) * kPanel, x, p.x_stride, p.y + at, p.y_stride, tile_end);
    }
  }
}

template <typename Weight>
void multiply_any(const Weight* weights, const float* bias, int k, int first, int end, const Product& p) {
  for (int panel = first; panel < end; panel += kPanelsAtOnce)
    for (int l = 0; l < k; l += kDepth)
      multiply_block(weights, bias, k, panel, smaller(panel + kPanelsAtOnce, end), l, p);
}

}  // namespace

void multiply(const Panels& panels, int first, int end, const Product& product) {
  multiply_any(panels.weights, panels.bias, panels.k, first, end, product);
}

void multiply_float(const float* weights, int k, int first, int end, const Product& product) {
  multiply_any(weights, static_cast<const float*>(nullptr), k, first, end, product);
}

}  // namespace sotto::batch::kernels
