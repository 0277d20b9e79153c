// Products of packed matrices, for the instruction set this is compiled for.
#pragma once
#include "fast/kernels/fixed_tile.h"

namespace sotto::whisper::kernels {
namespace {

constexpr int kPanelsAtOnce = 12;  // a block of them stays in the second-level cache

using Tile = void (*)(int, const int16_t*, int64_t, const int16_t*, int, const float*, int, float*, int, const TileEnd&);

// [columns][0: as many panels as tile_panels says, 1: one]
// clang-format off
constexpr Tile kTiles[][2] = {{nullptr, nullptr},
                              {tile<1, 4>, tile<1, 1>},
                              {tile<2, 2>, tile<2, 1>},
                              {tile<3, 2>, tile<3, 1>},
                              {tile<4, 1>, tile<4, 1>},
#if defined(__AVX512VNNI__)
                              {tile<5, 1>, tile<5, 1>},
                              {tile<6, 1>, tile<6, 1>},
                              {tile<7, 1>, tile<7, 1>},
                              {tile<8, 1>, tile<8, 1>},
                              {tile<9, 1>, tile<9, 1>},
                              {tile<10, 1>, tile<10, 1>},
                              {tile<11, 1>, tile<11, 1>},
                              {tile<12, 1>, tile<12, 1>},
#endif
};
// clang-format on

void multiply_block(const Panels& panels, int first, int end, int block, const Product& p) {
  const int64_t panel_size = int64_t(panels.k) * kPanel;
  const bool last = (block + 1) * panels.depth == panels.k;
  for (int column = 0, width; column < p.columns; column += width) {
    width = tile_width(p.columns - column);
    const int16_t* x = p.x + int64_t(column) * p.x_stride + int64_t(block) * panels.depth;
    const float* scales = p.scales + int64_t(column) * p.scale_stride + block;
    for (int panel = first, many; panel < end; panel += many) {
      const bool fits = panel + tile_panels(width) <= end;
      many = fits ? tile_panels(width) : 1;
      const int64_t at = int64_t(column) * p.y_stride + panel * kPanel;
      TileEnd tile_end;
      tile_end.row_scales = panels.scales ? panels.scales + panel * kPanel : nullptr;
      tile_end.accumulate = block > 0;
      tile_end.gelu = p.gelu && last;
      if (block == 0) {  // first, since the residual may be `y` itself
        tile_end.bias = panels.bias ? panels.bias + panel * kPanel : nullptr;
        tile_end.residual = p.residual ? p.residual + at : nullptr;
        tile_end.residual_stride = p.y_stride;
      }
      kTiles[width][fits ? 0 : 1](panels.depth, panels.weights + panel * panel_size + int64_t(block) * panels.depth * kPanel, panel_size, x,
                                  p.x_stride, scales, p.scale_stride, p.y + at, p.y_stride, tile_end);
    }
  }
}

void multiply(const Panels& panels, int first, int end, const Product& product) {
  for (int panel = first; panel < end; panel += kPanelsAtOnce)
    for (int block = 0; block * panels.depth < panels.k; ++block)
      multiply_block(panels, panel, smaller(panel + kPanelsAtOnce, end), block, product);
}

}  // namespace
}  // namespace sotto::whisper::kernels
