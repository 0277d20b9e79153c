// The AVX2 kernels' interface: plain numbers and pointers, callable from code compiled for any CPU.
// Vectors are float, weights and cross-attention keys and values are half precision in panels of 16.
#pragma once
#include <cstdint>

namespace sotto::batch::kernels {

constexpr int kHead = 64;  // the only head size these kernels know

/** Rows in panels of 16: [panel][k][16], half precision. */
struct Panels {
  const uint16_t* weights;
  const float* bias;  // null: none
  int k;
};

struct Product {
  const float* x;  // [columns][x_stride]
  int x_stride;
  int columns;
  float* y;  // [columns][y_stride]
  int y_stride;
  const float* residual = nullptr;  // [columns][y_stride], added; may be y
  bool gelu = false;
};

/** y = panels * x for panels [first, end). */
void multiply(const Panels& panels, int first, int end, const Product& product);
/** The same with float weights, no bias. */
void multiply_float(const float* weights, int k, int first, int end, const Product& product);

void layer_norm(const float* x, int size, int rows, const float* weight, const float* bias, float epsilon, float* y);

/** Keys and values of all frames of one layer, packed: keys [head][panel of 16 frames][64][16], values [head][4][frames][16]. */
struct PackedFrames {
  float* keys;
  float* values;
  int frames;
  int panels() const { return (frames + 15) / 16; }
  int64_t keys_per_head() const { return int64_t(panels()) * kHead * 16; }
  int64_t values_per_head() const { return int64_t(frames) * kHead; }
};

/** Packs `rows` frames from `first` on; key and value rows lie `stride` apart, heads 64 apart. */
void pack_frames(const PackedFrames& packed, int heads, int first, int rows, const float* keys, const float* values, int stride);
/** Unmasked attention of `rows` queries (spaced `stride`) to all frames; out [rows][out_stride]. Scratch: attend_scratch floats. */
void attend(const PackedFrames& packed, int heads, const float* queries, int stride, int rows, float* out, int out_stride, float* scratch);
int64_t attend_scratch(int frames);

/** Cross-attention keys and values of one slot, layer and head: as PackedFrames, in half precision. */
struct PackedHalf {
  uint16_t* keys;
  uint16_t* values;
  int frames;
};
void pack_half(const PackedHalf& packed, int first, int rows, const float* keys, const float* values, int stride);
/** Up to 6 queries of one head; leaves the attention weights in `weights` [rows][panels * 16]. */
void cross_attend(const PackedHalf& packed, const float* queries, int stride, int rows, float* out, int out_stride, float* weights);

/** One query of one head over `count` cells; keys and values [cell][stride]. Scratch: count floats. */
void self_attend(const float* query, const float* keys, const float* values, int stride, const int32_t* cells, int count, float* out,
                 float* scratch);

/** One row of packed weights to float. */
void unpack_row(const Panels& panels, int row, float* out);
/** log10 of max(x, 1e-10) in place, count % 8 == 0; returns the largest. */
float log10_rows(float* values, int64_t count);
/** power[k] = re[k]^2 + im[k]^2, bins % 8 == 0; in place of `re`. */
void power_rows(float* re_im, int bins, int rows);

void to_half(const float* from, uint16_t* to, int64_t count);

}  // namespace sotto::batch::kernels
