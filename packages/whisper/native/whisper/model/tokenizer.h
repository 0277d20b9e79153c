// Text to tokens for initial prompts, by whisper.cpp's method: words as GPT-2 splits them, then longest match.
#pragma once
#include <string>
#include <vector>

#include "model/vocabulary.h"

namespace sotto::whisper {

/** Bytes that no token covers are skipped, as upstream does. */
std::vector<TokenId> tokenize(const Vocabulary& vocabulary, const std::string& text);

}  // namespace sotto::whisper
