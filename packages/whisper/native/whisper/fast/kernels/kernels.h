// The kernels' interface: plain numbers and pointers, callable from code compiled for any CPU.
//
// Weights, activations on their way into a product, and keys and values are fixed-point: 16-bit numbers in blocks with one scale
// each. Sums of their products are exact 32-bit integers, so no order of adding, number of threads or instruction set changes
// a result, and vector units do twice as many of them as of floats. A block's root mean square is held to largest_rms: by
// Cauchy and Schwarz no sum over a block overflows. Some 11 bits remain for the typical number, as in half precision.
#pragma once
#include <cstdint>

namespace sotto::whisper::kernels {

constexpr int kHead = 64;   // the only head size these kernels know
constexpr int kPanel = 16;  // rows side by side in a packed matrix

/** Rows in panels of 16, neighbouring numbers of a row together: [panel][k / 2][16][2]. k is a multiple of `depth`, which is even. */
struct Panels {
  const int16_t* weights;
  const float* scales;  // [panels * 16], one for each row; null: 1
  const float* bias;    // [panels * 16]; null: none
  int k;
  int depth;  // numbers to a block of the other side
};

/** y = panels * x. Column c, block b of x is x + c * x_stride + b * depth, and means scales[c * scale_stride + b] times that. */
struct Product {
  const int16_t* x;
  const float* scales;
  int x_stride;
  int scale_stride;
  int columns;
  float* y;  // [columns][y_stride]
  int y_stride;
  const float* residual = nullptr;  // [columns][y_stride], added; may be y
  bool gelu = false;
};

/** Keys [panel of 16 frames][32][16][2] and values [4][pairs of frames][16][2] of one head, with a scale for each frame. */
struct Frames {
  int16_t* keys;
  int16_t* values;
  float* key_scales;
  float* value_scales;
  int count;
  int padded() const { return (count + kPanel - 1) / kPanel * kPanel; }
};

/** Rows of one head: [rows][stride] with scales [rows][scale_stride]. */
struct Queries {
  const int16_t* values;
  const float* scales;
  int stride;
  int scale_stride;
  int rows;
};

constexpr int kQueries = 24;  // rows that attend together, at most

struct AttendScratch {
  float* weights;  // [kQueries][padded frames]; holds the attention weights afterwards, to be divided by
  float* sums;     // [kQueries]
  int16_t* fixed;  // as many as weights
};

/** What depends on the instruction set; all sets give the same numbers, bit by bit. */
struct InstructionSet {
  const char* name;
  /** For panels [first, end). */
  void (*multiply)(const Panels& panels, int first, int end, const Product& product);
  /** Unmasked attention of up to kQueries rows to all frames; out [rows][out_stride]. */
  void (*attend)(const Frames& frames, const Queries& queries, float* out, int out_stride, const AttendScratch& scratch);
};
/** The fastest that this CPU has. */
const InstructionSet& instruction_set();
/** Needs no more than the backend itself: AVX2 and FMA. */
extern const InstructionSet kAvx2;
/** AVX-512 with VNNI. */
extern const InstructionSet kVnni;

/** Most a block's root mean square may be. */
float largest_rms(int depth);
/** Blocks of floats to fixed point: x [rows][x_stride], values [rows][blocks * depth], scales [rows][blocks]; depth % 16 == 0. */
void fix_rows(const float* x, int x_stride, int rows, int blocks, int depth, int16_t* values, float* scales);
/** Packs `rows` frames from `first` (even) on; the 64 floats of each lie `stride` apart. */
void fix_frames(const Frames& frames, int first, int rows, const float* keys, const float* values, int stride);
/** One row of packed weights to float. */
void unpack_row(const Panels& panels, int row, float* out);

/** One query of one head over `count` cells, in floats; keys and values [cell][stride]. Scratch: count floats,
 *  rounded up to a multiple of 8. */
void self_attend(const float* query, const float* keys, const float* values, int stride, const int32_t* cells, int count, float* out,
                 float* scratch);
void layer_norm(const float* x, int size, int rows, const float* weight, const float* bias, float epsilon, float* y);

/** y [columns][y_stride] = weights * x in floats; weights [panel][k][16], x [columns][x_stride]. */
void multiply_float(const float* weights, int k, int panels, const float* x, int x_stride, int columns, float* y, int y_stride);
/** log10 of max(x, 1e-10) in place, count % 8 == 0; returns the largest. */
float log10_rows(float* values, int64_t count);
/** power[k] = re[k]^2 + im[k]^2, bins % 8 == 0; in place of `re`. */
void power_rows(float* re_im, int bins, int rows);

}  // namespace sotto::whisper::kernels
