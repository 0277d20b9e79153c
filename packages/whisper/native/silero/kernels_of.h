// The kernels, written once in the compiler's own vectors and compiled for several instruction sets. Everything here is static,
// and nothing of the standard library is used: no code compiled for one instruction set can stand in for a function of the same
// name elsewhere.
#pragma once

#include "kernels.h"

namespace sotto::silero {
namespace {

#ifdef __AVX__
constexpr int kLanes = 8;
#else
constexpr int kLanes = 4;
#endif

typedef float Vector __attribute__((vector_size(4 * kLanes)));
typedef float Unaligned __attribute__((vector_size(4 * kLanes), aligned(4), may_alias));

inline Vector load(const float* from) { return *reinterpret_cast<const Unaligned*>(from); }
inline void store(float* to, Vector value) { *reinterpret_cast<Unaligned*>(to) = value; }

// Minus nothing: that is the value to the last bit, and compiles to a broadcast.
inline Vector splat(float value) { return value - Vector{}; }

typedef int Bits __attribute__((vector_size(4 * kLanes)));
inline Bits bits_of(Vector value) { return reinterpret_cast<Bits>(value); }
inline Vector vector_of(Bits bits) { return reinterpret_cast<Vector>(bits); }

// Lane by lane, where a comparison was true.
inline Vector chosen(Bits which, Vector value, Vector other) { return vector_of((bits_of(value) & which) | (bits_of(other) & ~which)); }

inline Vector rectified(Vector value) { return vector_of(bits_of(value) & (value > Vector{})); }

inline float sum_of(Vector value) {
  float sum = 0.0f;
  for (int lane = 0; lane < kLanes; ++lane) sum += value[lane];
  return sum;
}

// ---- spectrum: a vector holds the same sample of several frames, so that a transform of one is a transform of all

// In place, in bit-reversed order: 128 complex numbers, radix 2.
inline void transform(const SpectrumTables& tables, Vector* real, Vector* imaginary) {
  for (int half = 1; half < kHop; half *= 2) {
    for (int j = 0; j < half; ++j) {
      const Vector c = splat(tables.cosine[j * (kHop / 2 / half)]);
      const Vector s = splat(tables.sine[j * (kHop / 2 / half)]);
      for (int low = j; low < kHop; low += 2 * half) {
        const int high = low + half;
        const Vector r = c * real[high] + s * imaginary[high];
        const Vector i = c * imaginary[high] - s * real[high];
        real[high] = real[low] - r;
        imaginary[high] = imaginary[low] - i;
        real[low] += r;
        imaginary[low] += i;
      }
    }
  }
}

// A real transform of 256 is a complex one of 128: even samples are its real part, odd ones its imaginary part.
inline void spectrum_of_frames(const SpectrumTables& tables, const float* const* frames, float* squares) {
  Vector real[kHop], imaginary[kHop];
  for (int n = 0; n < kHop; ++n) {
    const int at = 2 * tables.reversed[n];
    Vector even, odd;
    for (int lane = 0; lane < kLanes; ++lane) {
      even[lane] = frames[lane][at];
      odd[lane] = frames[lane][at + 1];
    }
    real[n] = even * tables.window[at];
    imaginary[n] = odd * tables.window[at + 1];
  }
  transform(tables, real, imaginary);
  for (int k = 0; k < kBins; ++k) {
    const int z = k % kHop, y = (kHop - k) % kHop;
    const Vector even_r = real[z] + real[y], even_i = imaginary[z] - imaginary[y];
    const Vector odd_r = imaginary[z] + imaginary[y], odd_i = real[y] - real[z];
    const Vector c = splat(tables.turn_cosine[k]), s = splat(tables.turn_sine[k]);
    const Vector r = even_r + c * odd_r + s * odd_i;
    const Vector i = even_i + c * odd_i - s * odd_r;
    const Vector square = (r * r + i * i) * 0.25f;
    for (int lane = 0; lane < kLanes; ++lane) squares[lane * kBins + k] = square[lane];
  }
}

void spectrum(const SpectrumTables& tables, const float* padded, int windows, float* magnitudes) {
  const int frames = windows * kFrames;
  int frame = 0;
  for (; frame < frames; frame += kLanes) {
    const float* from[kLanes];
    for (int lane = 0; lane < kLanes; ++lane) {
      from[lane] = padded + (frame + lane) / kFrames * kPadded + (frame + lane) % kFrames * kHop;
    }
    spectrum_of_frames(tables, from, magnitudes + frame * kBins);
  }
  for (int i = 0; i < frame * kBins; ++i) magnitudes[i] = __builtin_sqrtf(magnitudes[i]);
}

// ---- products

inline void tile(const Product& p, int row, int column) {
  const float* a = p.a + row * p.a_stride;
  const float* w = p.w + (column * p.depth + p.from * 2 * kLanes);
  Vector low[kTileRows], high[kTileRows];
  for (int r = 0; r < kTileRows; ++r) {
    low[r] = load(p.bias + column);
    high[r] = load(p.bias + column + kLanes);
  }
  for (int k = 0; k < p.count; ++k) {
    const Vector w0 = load(w + k * 2 * kLanes), w1 = load(w + k * 2 * kLanes + kLanes);
    for (int r = 0; r < kTileRows; ++r) {
      const Vector x = splat(a[r * p.a_stride + k]);
      low[r] += x * w0;
      high[r] += x * w1;
    }
  }
  for (int r = 0; r < kTileRows; ++r) {
    float* c = p.c + (row + r) * p.c_stride + column;
    store(c, p.rectified ? rectified(low[r]) : low[r]);
    store(c + kLanes, p.rectified ? rectified(high[r]) : high[r]);
  }
}

void product(const Product& p) {
  for (int column = 0; column < p.columns; column += 2 * kLanes) {
    for (int row = 0; row < p.rows; row += kTileRows) tile(p, row, column);
  }
}

// ---- memory

// e^x, relative error about 1e-7; Cephes expf. Adding 1.5 * 2^23 leaves the nearest whole number in the lowest bits.
inline Vector exponential(Vector x) {
  const Vector limit = splat(80.0f), magic = splat(12582912.0f);
  x = chosen(x > limit, limit, x);
  x = chosen(x < -limit, -limit, x);
  const Vector shifted = x * 1.44269504f + magic;
  const Vector n = shifted - magic;
  const Vector r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  Vector p = splat(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  const Vector power_of_two = vector_of((bits_of(shifted) << 23) + 0x3f800000);
  return (p * (r * r) + r + 1.0f) * power_of_two;
}

inline Vector sigmoid(Vector x) { return 1.0f / (1.0f + exponential(-x)); }
inline Vector hyperbolic_tangent(Vector x) { return 1.0f - 2.0f / (1.0f + exponential(2.0f * x)); }

inline void add_hidden(const float* weights, const float* hidden, float* gates) {
  constexpr int kVectors = 8, kPanel = kVectors * kLanes;
  for (int column = 0; column < kGates; column += kPanel) {
    const float* w = weights + column * kWide;
    Vector sum[kVectors];
    for (int v = 0; v < kVectors; ++v) sum[v] = load(gates + column + v * kLanes);
    for (int k = 0; k < kWide; ++k) {
      const Vector x = splat(hidden[k]);
      for (int v = 0; v < kVectors; ++v) sum[v] += x * load(w + k * kPanel + v * kLanes);
    }
    for (int v = 0; v < kVectors; ++v) store(gates + column + v * kLanes, sum[v]);
  }
}

// Returns how sure it is that somebody speaks, before the last sigmoid.
inline float update(const float* gates, const Recurrence& r) {
  Vector sum{};
  for (int i = 0; i < kWide; i += kLanes) {
    const Vector taken = sigmoid(load(gates + i)) * hyperbolic_tangent(load(gates + 2 * kWide + i));
    const Vector cell = sigmoid(load(gates + kWide + i)) * load(r.cell + i) + taken;
    const Vector hidden = sigmoid(load(gates + 3 * kWide + i)) * hyperbolic_tangent(cell);
    store(r.cell + i, cell);
    store(r.hidden + i, hidden);
    sum += rectified(hidden) * load(r.out_weights + i);
  }
  return r.out_bias + sum_of(sum);
}

void recurrence(const Recurrence& r) {
  for (int window = 0; window < r.windows; ++window) {
    float* gates = r.gates + window * kGates;
    add_hidden(r.hidden_weights, r.hidden, gates);
    r.probabilities[window] = sigmoid(splat(update(gates, r)))[0];
  }
}

}  // namespace
}  // namespace sotto::silero
