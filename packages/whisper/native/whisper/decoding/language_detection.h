// Language probabilities from the logits that follow the start-of-transcript token.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "model/vocabulary.h"

namespace sotto::whisper {

/** Likeliest first; softmax over the languages the model has. */
std::vector<std::pair<std::string, float>> language_probabilities(const float* logits, const Vocabulary& vocabulary);

}  // namespace sotto::whisper
