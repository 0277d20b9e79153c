// The kernels, written once in the compiler's own vectors and compiled for several instruction sets. Everything here is static,
// and nothing of the standard library is used: no code compiled for one instruction set can stand in for a function of the same
// name elsewhere.
#pragma once

#include "kernels.h"

namespace sotto::speakers {
namespace {

#if defined(__AVX512F__)
constexpr int kLanes = 16, kRows = 12;
#elif defined(__AVX__)
constexpr int kLanes = 8, kRows = 6;
#else
constexpr int kLanes = 4, kRows = 4;
#endif
constexpr int kPanel = 2 * kLanes;

typedef float Vector __attribute__((vector_size(4 * kLanes)));
typedef float Unaligned __attribute__((vector_size(4 * kLanes), aligned(4), may_alias));
typedef int Bits __attribute__((vector_size(4 * kLanes)));

inline Vector load(const float* from) { return *reinterpret_cast<const Unaligned*>(from); }
inline void store(float* to, Vector value) { *reinterpret_cast<Unaligned*>(to) = value; }

// Minus nothing: that is the value to the last bit, and compiles to a broadcast.
inline Vector splat(float value) { return value - Vector{}; }

inline Bits bits_of(Vector value) { return reinterpret_cast<Bits>(value); }
inline Vector vector_of(Bits bits) { return reinterpret_cast<Vector>(bits); }
inline Vector chosen(Bits which, Vector value, Vector other) { return vector_of((bits_of(value) & which) | (bits_of(other) & ~which)); }
inline Vector larger(Vector a, Vector b) { return chosen(a > b, a, b); }
inline Vector absolute(Vector value) { return vector_of(bits_of(value) & 0x7fffffff); }

// ---- products

template <int Rows>
inline void tile(const Product& p, int row, int column) {
  const float* a = p.a + long(row) * p.a_stride;
  const float* w = p.w + long(column) * p.depth;
  float* c = p.c + long(row) * p.c_stride + column;
  Vector low[Rows], high[Rows];
  for (int r = 0; r < Rows; ++r) {
    low[r] = load(p.bias ? p.bias + column : c + long(r) * p.c_stride);
    high[r] = load(p.bias ? p.bias + column + kLanes : c + long(r) * p.c_stride + kLanes);
  }
  for (int k = 0; k < p.depth; ++k) {
    const Vector w0 = load(w + long(k) * kPanel), w1 = load(w + long(k) * kPanel + kLanes);
    for (int r = 0; r < Rows; ++r) {
      const Vector x = splat(a[long(r) * p.a_stride + k]);
      low[r] += x * w0;
      high[r] += x * w1;
    }
  }
  for (int r = 0; r < Rows; ++r) {
    store(c + long(r) * p.c_stride, low[r]);
    store(c + long(r) * p.c_stride + kLanes, high[r]);
  }
}

inline void last_rows(const Product& p, int row, int column) {
  for (; p.rows - row >= 4; row += 4) tile<4>(p, row, column);
  for (; row < p.rows; ++row) tile<1>(p, row, column);
}

void product(const Product& p) {
  const int whole = p.rows - p.rows % kRows;
  for (int column = 0; column < p.columns; column += kPanel) {
    for (int row = 0; row < whole; row += kRows) tile<kRows>(p, row, column);
    last_rows(p, whole, column);
  }
}

// ---- convolution

// B^T x of six values.
inline void into_points(const Vector* x, Vector* y) {
  const Vector four = splat(4.0f), five = splat(5.0f), two = splat(2.0f);
  const Vector a = x[4] - four * x[2], b = x[3] - four * x[1], c = x[4] - x[2], d = two * (x[3] - x[1]);
  y[0] = four * x[0] - five * x[2] + x[4];
  y[1] = a + b;
  y[2] = a - b;
  y[3] = c + d;
  y[4] = c - d;
  y[5] = four * x[1] - five * x[3] + x[5];
}

// A^T x of six values.
inline void out_of_points(const Vector* x, Vector* y) {
  const Vector a = x[1] + x[2], b = x[1] - x[2], c = x[3] + x[4], d = x[3] - x[4];
  y[0] = x[0] + a + c;
  y[1] = b + splat(2.0f) * d;
  y[2] = a + splat(4.0f) * c;
  y[3] = b + splat(8.0f) * d + x[5];
}

void tile_input(const TileInput& t) {
  for (int channel = 0; channel < t.channels; channel += kLanes) {
    Vector half[kTileInput][kTileInput];  // [column][point of the row direction]
    for (int column = 0; column < kTileInput; ++column) {
      Vector x[kTileInput];
      for (int row = 0; row < kTileInput; ++row) x[row] = load(t.from + long(row) * t.row_stride + column * t.channels + channel);
      into_points(x, half[column]);
    }
    for (int point = 0; point < kTileInput; ++point) {
      Vector x[kTileInput], y[kTileInput];
      for (int column = 0; column < kTileInput; ++column) x[column] = half[column][point];
      into_points(x, y);
      for (int i = 0; i < kTileInput; ++i) store(t.to + (point * kTileInput + i) * t.point_stride + channel, y[i]);
    }
  }
}

void tile_output(const TileOutput& t) {
  for (int channel = 0; channel < t.channels; channel += kLanes) {
    Vector half[kTileInput][kTile];  // [column point][row]
    for (int point = 0; point < kTileInput; ++point) {
      Vector x[kTileInput];
      for (int i = 0; i < kTileInput; ++i) x[i] = load(t.from + (i * kTileInput + point) * t.point_stride + channel);
      out_of_points(x, half[point]);
    }
    const Vector bias = load(t.bias + channel);
    for (int row = 0; row < t.rows; ++row) {
      Vector x[kTileInput], y[kTile];
      for (int point = 0; point < kTileInput; ++point) x[point] = half[point][row];
      out_of_points(x, y);
      for (int column = 0; column < t.columns; ++column) {
        const long at = long(row) * t.row_stride + column * t.channels + channel;
        Vector sum = y[column] + bias;
        if (t.added) sum += load(t.added + at);
        store(t.to + at, larger(sum, Vector{}));
      }
    }
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

void cell(const Cell& c) {
  for (int i = 0; i < c.units; i += kLanes) {
    const Vector taken = sigmoid(load(c.gates + i)) * hyperbolic_tangent(load(c.gates + 3 * c.units + i));
    const Vector kept = sigmoid(load(c.gates + 2 * c.units + i)) * load(c.cell + i) + taken;
    store(c.cell + i, kept);
    store(c.hidden + i, sigmoid(load(c.gates + c.units + i)) * hyperbolic_tangent(kept));
  }
}

// ---- rows

void scale_shift_leaky(float* x, int rows, int width, const float* scale, const float* shift) {
  for (int row = 0; row < rows; ++row) {
    for (int i = 0; i < width; i += kLanes) {
      float* at = x + long(row) * width + i;
      const Vector y = load(at) * load(scale + i) + load(shift + i);
      store(at, larger(y, y * 0.01f));
    }
  }
}

void largest_of_three(const float* x, int x_stride, int rows, int width, float scale, const float* shift, float* to, int to_stride) {
  for (int row = 0; row < rows; ++row) {
    for (int i = 0; i < width; i += kLanes) {
      const float* from = x + 3l * row * x_stride + i;
      Vector a = load(from), b = load(from + x_stride), c = load(from + 2 * x_stride);
      if (shift) {
        const Vector moved = load(shift + i);
        a = absolute(a * scale + moved);
        b = absolute(b * scale + moved);
        c = absolute(c * scale + moved);
      }
      store(to + long(row) * to_stride + i, larger(larger(a, b), c));
    }
  }
}

void weighted_sums(const WeightedSums& s) {
  constexpr int kVectors = 4;
  for (int column = 0; column < s.width; column += kVectors * kLanes) {
    Vector sum[kVectors] = {}, squares[kVectors] = {};
    for (int row = 0; row < s.count; ++row) {
      const float* at = s.rows + long(row) * s.width + column;
      const Vector weight = splat(s.weights[row]);
      for (int v = 0; v < kVectors; ++v) {
        const Vector x = load(at + v * kLanes);
        sum[v] += weight * x;
        squares[v] += weight * x * x;
      }
    }
    for (int v = 0; v < kVectors; ++v) {
      store(s.sum + column + v * kLanes, sum[v]);
      store(s.squares + column + v * kLanes, squares[v]);
    }
  }
}

// ---- spectrum: a vector holds the same sample of several frames, so that a transform of one is a transform of all

// In place, in bit-reversed order: 256 complex numbers, radix 2.
inline void transform(const SpectrumTables& tables, Vector* real, Vector* imaginary) {
  constexpr int kPoints = kSpectrum / 2;
  for (int half = 1; half < kPoints; half *= 2) {
    for (int j = 0; j < half; ++j) {
      const Vector c = splat(tables.cosine[j * (kPoints / 2 / half)]);
      const Vector s = splat(tables.sine[j * (kPoints / 2 / half)]);
      for (int low = j; low < kPoints; low += 2 * half) {
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

// A real transform of 512 is a complex one of 256: even samples are its real part, odd ones its imaginary part.
void power(const SpectrumTables& tables, const float* samples, float* power) {
  constexpr int kPoints = kSpectrum / 2;
  Vector real[kPoints], imaginary[kPoints];
  for (int n = 0; n < kPoints; ++n) {
    const float* at = samples + 2 * tables.reversed[n] * kLanes;
    real[n] = load(at);
    imaginary[n] = load(at + kLanes);
  }
  transform(tables, real, imaginary);
  for (int k = 0; k < kPoints; ++k) {
    const int y = (kPoints - k) % kPoints;
    const Vector even_r = real[k] + real[y], even_i = imaginary[k] - imaginary[y];
    const Vector odd_r = imaginary[k] + imaginary[y], odd_i = real[y] - real[k];
    const Vector c = splat(tables.turn_cosine[k]), s = splat(tables.turn_sine[k]);
    const Vector r = even_r + c * odd_r + s * odd_i;
    const Vector i = even_i + c * odd_i - s * odd_r;
    store(power + k * kLanes, (r * r + i * i) * 0.25f);
  }
}

constexpr Kernels kAll{kLanes, product, tile_input, tile_output, cell, weighted_sums, scale_shift_leaky, largest_of_three, power};

}  // namespace
}  // namespace sotto::speakers
