#include "embedding.h"

#include <algorithm>
#include <cmath>

namespace sotto::speakers {

Embedding::Embedding(const Layer& last, bool any_processor)
    : kernels_(kernels(any_processor)), last_(packed_rows(last.weight, 2 * kTrunkWidth, kEmbedding, kernels_.lanes, last.bias)) {}

void Embedding::run(const float* frames, int count, const float* masks, int voices, float* embeddings) const {
  std::vector<float> statistics(size_t(voices) * 2 * kTrunkWidth);
  for (int voice = 0; voice < voices; ++voice) {
    const float* mask = masks + size_t(voice) * count;
    float* mean = statistics.data() + size_t(voice) * 2 * kTrunkWidth;
    float* deviation = mean + kTrunkWidth;
    // What lies outside of the mask costs nothing.
    const float *first = std::find_if(mask, mask + count, [](float weight) { return weight != 0.0f; }), *end = mask + count;
    while (end > first && end[-1] == 0.0f) --end;
    kernels_.weighted_sums({frames + size_t(first - mask) * kTrunkWidth, int(end - first), kTrunkWidth, first, mean, deviation});
    float sum = 1e-8f, squares = 0.0f;
    for (const float* weight = first; weight < end; ++weight) {
      sum += *weight;
      squares += *weight * *weight;
    }
    const float freedom = sum - squares / sum + 1e-8f;
    for (int i = 0; i < kTrunkWidth; ++i) {
      const float average = mean[i] / sum;
      deviation[i] = std::sqrt(std::max(0.0f, deviation[i] - average * mean[i]) / freedom);
      mean[i] = average;
    }
  }
  kernels_.product({statistics.data(), 2 * kTrunkWidth, voices, last_.panels.data(), last_.depth, last_.bias.data(), embeddings, kEmbedding,
                    kEmbedding});
}

}  // namespace sotto::speakers
