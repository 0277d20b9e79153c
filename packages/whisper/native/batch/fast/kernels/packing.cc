#include <cstring>

#include "fast/kernels/kernels.h"
#include "fast/kernels/simd.h"

namespace sotto::batch::kernels {

void to_half(const float* from, uint16_t* to, int64_t count) {
  int64_t i = 0;
  for (; i + 8 <= count; i += 8)
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + i), _mm256_cvtps_ph(_mm256_loadu_ps(from + i), 0));
  for (; i < count; ++i) to[i] = static_cast<uint16_t>(_mm_cvtsi128_si32(_mm_cvtps_ph(_mm_set_ss(from[i]), 0)));
}

void unpack_row(const Panels& panels, int row, float* out) {
  const uint16_t* from = panels.weights + (int64_t(row / kPanel) * panels.k) * kPanel + row % kPanel;
  for (int l = 0; l < panels.k; ++l)
    out[l] = _mm_cvtss_f32(_mm_cvtph_ps(_mm_cvtsi32_si128(from[int64_t(l) * kPanel])));
}

void pack_frames(const PackedFrames& packed, int heads, int first, int rows, const float* keys, const float* values, int stride) {
  for (int h = 0; h < heads; ++h) {
    float* key_panels = packed.keys + h * packed.keys_per_head();
    float* value_panels = packed.values + h * packed.values_per_head();
    for (int r = 0; r < rows; ++r) {
      const int t = first + r;
      const float* key = keys + int64_t(r) * stride + h * kHead;
      const float* value = values + int64_t(r) * stride + h * kHead;
      float* to = key_panels + int64_t(t / kPanel) * kHead * kPanel + t % kPanel;
      for (int l = 0; l < kHead; ++l) to[l * kPanel] = key[l];
      for (int p = 0; p < kHead / kPanel; ++p)
        std::memcpy(value_panels + (int64_t(p) * packed.frames + t) * kPanel, value + p * kPanel, kPanel * sizeof(float));
    }
  }
}

void pack_half(const PackedHalf& packed, int first, int rows, const float* keys, const float* values, int stride) {
  uint16_t key[kHead];
  for (int r = 0; r < rows; ++r) {
    const int t = first + r;
    to_half(keys + int64_t(r) * stride, key, kHead);
    uint16_t* to = packed.keys + int64_t(t / kPanel) * kHead * kPanel + t % kPanel;
    for (int l = 0; l < kHead; ++l) to[l * kPanel] = key[l];
    for (int p = 0; p < kHead / kPanel; ++p)
      to_half(values + int64_t(r) * stride + p * kPanel, packed.values + (int64_t(p) * packed.frames + t) * kPanel, kPanel);
  }
}

}  // namespace sotto::batch::kernels
