// Kaldi's log-fbank, as WeSpeaker was trained on it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels.h"

namespace sotto::speakers {

constexpr int kFrameSamples = 400, kFrameHop = 160;

// May be used by several threads at once.
class Fbank {
 public:
  explicit Fbank(bool any_processor = false);

  // Whole frames only.
  static int frames(size_t samples) { return samples < kFrameSamples ? 0 : int((samples - kFrameSamples) / kFrameHop + 1); }

  // 25 ms every 10 ms: DC removed, pre-emphasis 0.97, Hamming, power spectrum, 80 triangles from 20 to 8000 Hz in mel, logarithm.
  // features: [frames(count)][80].
  void run(const int16_t* samples, size_t count, float* features) const;

 private:
  struct Triangle {
    int first;
    std::vector<float> weights;
  };
  void prepare(const int16_t* samples, float* to) const;

  const Kernels& kernels_;
  std::vector<float> window_;
  std::vector<Triangle> triangles_;
  SpectrumTables tables_;
};

}  // namespace sotto::speakers
