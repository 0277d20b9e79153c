// The loops over long rows of logits. Included by the files that compile them for one kind of CPU each: everything here is
// static, so that no code compiled for AVX2 can stand in elsewhere. No operation depends on the CPU: all give the same bits.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>

#include "decoding/logit_scan.h"

namespace sotto::whisper {
namespace {

// GCC's and Clang's vectors, as wide as the registers; 16 lanes whatever their width, so that sums are the same.
#ifdef __AVX2__
constexpr size_t kWidth = 8;
#else
constexpr size_t kWidth = 4;
#endif
constexpr size_t kLanes = 16, kVectors = kLanes / kWidth;
typedef float Floats __attribute__((vector_size(kWidth * sizeof(float))));
typedef int32_t Ints __attribute__((vector_size(kWidth * sizeof(int32_t))));

inline Floats all(float value) { return value - Floats{}; }

inline Floats load(const float* from) {
  Floats v;
  std::memcpy(&v, from, sizeof v);
  return v;
}

inline float greater(float a, float b) { return a < b ? b : a; }
inline Floats greater(Floats a, Floats b) { return a < b ? b : a; }

// e^x for x <= 0 by 2^n * polynomial (Cephes expf); 0 below -87.
inline Floats exp_negative(Floats x) {
  const Floats limited = greater(x, all(-87.0f));
  // Adding 1.5 * 2^23 rounds to the nearest integer, and leaves it in the low bits.
  const Floats shifted = limited * 1.44269504f + 12582912.0f, n = shifted - 12582912.0f;
  const Floats r = limited - n * 0.693359375f + n * 2.12194440e-4f;
  Floats p = all(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const Ints power = (reinterpret_cast<Ints>(shifted) << 23) + (127 << 23);
  return x < -87.0f ? Floats{} : p * reinterpret_cast<Floats>(power);
}

float max_of(const float* values, size_t count) {
  Floats maxima[kVectors];
  for (size_t j = 0; j < kVectors; ++j) maxima[j] = all(-INFINITY);
  size_t i = 0;
  for (; i + kLanes <= count; i += kLanes)
    for (size_t j = 0; j < kVectors; ++j) maxima[j] = greater(maxima[j], load(values + i + j * kWidth));
  float max = -INFINITY;
  for (size_t j = 0; j < kVectors; ++j)
    for (size_t lane = 0; lane < kWidth; ++lane) max = greater(max, maxima[j][lane]);
  for (; i < count; ++i) max = greater(max, values[i]);
  return max;
}

float block_maxima(const float* values, size_t count, float* maxima) {
  float max = -INFINITY;
  for (size_t at = 0; at < count; at += kScanBlock) {
    const size_t left = count - at;
    const float block = max_of(values + at, left < kScanBlock ? left : kScanBlock);
    *maxima++ = block;
    max = greater(max, block);
  }
  return max;
}

double sum_exp(const float* values, size_t count, const float* maxima, float max, float scale) {
  Floats sums[kVectors] = {};
  double sum = 0;
  for (size_t at = 0; at < count; at += kScanBlock) {
    if ((*maxima++ - max) * scale < kNegligible) continue;
    const size_t end = count - at < kScanBlock ? count : at + kScanBlock;
    size_t i = at;
    for (; i + kLanes <= end; i += kLanes)
      for (size_t j = 0; j < kVectors; ++j) sums[j] += exp_negative((load(values + i + j * kWidth) - max) * scale);
    for (; i < end; ++i) sum += exp_negative(all((values[i] - max) * scale))[0];
  }
  for (size_t j = 0; j < kVectors; ++j)
    for (size_t lane = 0; lane < kWidth; ++lane) sum += sums[j][lane];
  return sum;
}

}  // namespace
}  // namespace sotto::whisper
