// The arithmetic of the network, for one instruction set. Plain pointers only: see kernels_of.h.
#pragma once

#include "shape.h"

namespace sotto::silero {

// What the spectrum needs to know beforehand.
struct SpectrumTables {
  float window[kFrame];                       // Hann
  int reversed[kHop];                         // bit-reversed order of 128 complex numbers
  float cosine[kHop / 2], sine[kHop / 2];     // of 2 pi j / 128
  float turn_cosine[kBins], turn_sine[kBins]; // of 2 pi k / 256
};

// c = a * w + bias, rows of a anywhere. Rows are computed in whole tiles: a and c must have room for them.
struct Product {
  const float* a;
  int a_stride, rows;
  const float* w;  // panels of 2 * lanes columns: [columns / panel][depth][panel]
  int depth;       // rows of w
  int from, count; // which of these are used; a begins at the first of them
  const float* bias;
  float* c;
  int c_stride, columns;
  bool rectified;  // negative results become 0
};

// The last layers: a memory cell per window, one after another, and how sure it is that somebody speaks.
struct Recurrence {
  const float* hidden_weights;  // panels of 8 * lanes columns: [kGates / panel][kWide][panel]
  const float* out_weights;
  float out_bias;
  float* gates;                 // windows x kGates: what comes from the input, biases included; overwritten
  int windows;
  float* hidden;                // kWide
  float* cell;                  // kWide
  float* probabilities;         // windows
};

struct Kernels {
  int lanes;  // floats of a vector
  // Magnitudes of the frames of so many windows of kPadded samples each: kFrames * kBins a window. Computed in whole vectors of
  // frames; there must be room for them.
  void (*spectrum)(const SpectrumTables& tables, const float* padded, int windows, float* magnitudes);
  void (*product)(const Product& product);
  void (*recurrence)(const Recurrence& recurrence);
};

// The fastest that this processor has; `any_processor`: those that need nothing special.
const Kernels& kernels(bool any_processor);

}  // namespace sotto::silero
