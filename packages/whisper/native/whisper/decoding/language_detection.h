// Language probabilities from the logits that follow the start-of-transcript token.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "model/vocabulary.h"

namespace sotto::whisper {

/** Likeliest first; softmax over those of `languages` that the model has. @param languages codes; empty: all. */
std::vector<std::pair<std::string, float>> language_probabilities(const float* logits, const Vocabulary& vocabulary,
                                                                  const std::vector<std::string>& languages);

}  // namespace sotto::whisper
