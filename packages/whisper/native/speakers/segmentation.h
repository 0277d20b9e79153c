// Who of three local speakers is heard in chunks of 10 s: pyannote's segmentation network, many chunks side by side.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels.h"
#include "matrix.h"
#include "weights.h"

namespace sotto::speakers {

constexpr int kChunk = 160'000;     // samples
constexpr int kChunkFrames = 589;   // one every 270 samples
constexpr int kClasses = 7;         // nobody; one of three; two of three
constexpr int kSincStride = 10;     // samples

// May be used by several threads at once.
class Segmentation {
 public:
  explicit Segmentation(const SegmentationWeights& weights, bool any_processor = false);

  // Chunk i begins at sample i * step, a multiple of kSincStride; beyond the samples there is silence. Probabilities of the classes:
  // [chunks][kChunkFrames][kClasses]. A chunk's result does not depend on the others.
  void run(const int16_t* samples, size_t count, int step, int chunks, float* probabilities) const;

 private:
  struct Room;
  struct Direction {
    Matrix input, hidden;
  };
  void filter(const int16_t* samples, size_t count, int step, int chunks, Room& room) const;
  void listen(const int16_t* samples, size_t count, size_t start, int chunk, int chunks, Room& room) const;
  void normalise(float* rows, int count, int width, const Layer& norm) const;
  void remember(const Direction& direction, bool backward, int chunks, const std::vector<float>& input, std::vector<float>& output,
                Room& room) const;
  void classify(int chunks, Room& room, float* probabilities) const;
  void multiply(const Matrix& matrix, const float* rows, int stride, int count, float* to, int to_stride) const;

  const Kernels& kernels_;
  float wave_scale_, wave_shift_;
  Matrix sinc_;
  std::vector<float> sinc_sums_;
  Matrix convolutions_[2];
  Layer norms_[3];
  Direction lstm_[4][2];
  Matrix linear_[3];
};

}  // namespace sotto::speakers
