// The voice heard under a mask: weighted mean and deviation of the trunk's frames, and WeSpeaker's last layer.
#pragma once

#include <vector>

#include "kernels.h"
#include "matrix.h"
#include "trunk.h"
#include "weights.h"

namespace sotto::speakers {

constexpr int kEmbedding = 256;

// May be used by several threads at once.
class Embedding {
 public:
  // [kEmbedding][2 * kTrunkWidth]: means, then deviations.
  explicit Embedding(const Layer& last, bool any_processor = false);

  // frames: [count][kTrunkWidth]; masks: [voices][count], weights from 0 to 1; embeddings: [voices][kEmbedding].
  void run(const float* frames, int count, const float* masks, int voices, float* embeddings) const;

 private:
  const Kernels& kernels_;
  Matrix last_;
};

}  // namespace sotto::speakers
