#include "decoding/language_detection.h"

#include <algorithm>
#include <cmath>

#include "model/language.h"

namespace sotto::whisper {

std::vector<std::pair<std::string, float>> language_probabilities(const float* logits, const Vocabulary& vocabulary) {
  const int count = vocabulary.language_count();
  const float* first = logits + vocabulary.language(0);
  const float max = *std::max_element(first, first + count);
  double sum = 0;
  for (int i = 0; i < count; ++i) sum += std::exp(first[i] - max);
  std::vector<std::pair<std::string, float>> all;
  for (int i = 0; i < count; ++i) all.emplace_back(language_code(i), float(std::exp(first[i] - max) / sum));
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return all;
}

}  // namespace sotto::whisper
