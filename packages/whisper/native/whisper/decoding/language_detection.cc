#include "decoding/language_detection.h"

#include <algorithm>
#include <cmath>

#include "model/language.h"

namespace sotto::whisper {

std::vector<std::pair<std::string, float>> language_probabilities(const float* logits, const Vocabulary& vocabulary,
                                                                  const std::vector<std::string>& languages) {
  std::vector<std::pair<std::string, float>> all;
  for (int i = 0; i < vocabulary.language_count(); ++i) {
    const std::string code = language_code(i);
    const bool considered = languages.empty() || std::find(languages.begin(), languages.end(), code) != languages.end();
    if (considered) all.emplace_back(code, logits[vocabulary.language(i)]);
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  const float max = all.front().second;
  double sum = 0;
  for (const auto& [code, logit] : all) sum += std::exp(logit - max);
  for (auto& [code, logit] : all) logit = float(std::exp(logit - max) / sum);
  return all;
}

}  // namespace sotto::whisper
