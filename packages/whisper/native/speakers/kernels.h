// The arithmetic of both networks, for one instruction set. Plain pointers only: see kernels_of.h.
#pragma once

namespace sotto::speakers {

// c = a * w + bias, row by row: a row's result does not depend on the rows beside it.
struct Product {
  const float* a;
  int a_stride, rows;
  const float* w;     // panels of 2 * lanes columns: [columns / panel][depth][panel]
  int depth;          // of a row of a, and rows of w
  const float* bias;  // null: the product is added to c
  float* c;
  int c_stride, columns;  // columns are a whole number of panels
};

// Winograd's F(4x4, 3x3) (Lavin and Gray 2016): 4 x 4 results of a 3 x 3 convolution are 36 products instead of 144.
constexpr int kTile = 4, kTileInput = 6, kTilePoints = kTileInput * kTileInput;

struct TileInput {
  const float* from;  // the first of 6 x 6 places, each with its channels
  int row_stride, channels;
  float* to;  // point after point
  long point_stride;
};

struct TileOutput {
  const float* from;
  long point_stride;
  int channels;
  const float* bias;
  const float* added;  // null: nothing; else at the same places as the results
  float* to;           // the first of the places
  int row_stride;
  int rows, columns;  // how many of 4 x 4 are wanted
};

// A step of an LSTM for one item; gates in the order input, output, forget, cell, biases included.
struct Cell {
  const float* gates;
  int units;
  float* cell;
  float* hidden;
};

// Weighted sums of rows and of their squares.
struct WeightedSums {
  const float* rows;
  int count, width;
  const float* weights;
  float* sum;
  float* squares;
};

constexpr int kSpectrum = 512;  // samples of a frame's transform

struct SpectrumTables {
  int reversed[kSpectrum / 2];                                // bit-reversed order of 256 complex numbers
  float cosine[kSpectrum / 4], sine[kSpectrum / 4];           // of 2 pi j / 256
  float turn_cosine[kSpectrum / 2], turn_sine[kSpectrum / 2];  // of 2 pi k / 512
};

struct Kernels {
  int lanes;  // floats of a vector
  void (*product)(const Product&);
  void (*tile_input)(const TileInput&);
  void (*tile_output)(const TileOutput&);
  void (*cell)(const Cell&);
  void (*weighted_sums)(const WeightedSums&);
  // In place over rows: x * scale[channel] + shift[channel], then leaky (0.01).
  void (*scale_shift_leaky)(float* x, int rows, int width, const float* scale, const float* shift);
  // to[channel] = the largest of three rows of |x * scale + shift[channel]|, or of x itself where shift is null.
  void (*largest_of_three)(const float* x, int x_stride, int rows, int width, float scale, const float* shift, float* to, int to_stride);
  // Power spectra of `lanes` frames of 512 samples, sample by sample side by side: [512][lanes] -> [256][lanes].
  void (*power)(const SpectrumTables&, const float* samples, float* power);
};

// The fastest that this processor has; `any_processor`: those that need nothing special.
const Kernels& kernels(bool any_processor);

}  // namespace sotto::speakers
