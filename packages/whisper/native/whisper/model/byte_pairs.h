// Text to the tokens that the model was trained on: GPT-2's byte pairs. A prompt may come in any tokens; a phrase to be expected may not.
#pragma once
#include <string>
#include <vector>

#include "model/vocabulary.h"

namespace sotto::whisper {

/** @returns {} when the vocabulary lacks a byte of the text. Source: openai/tiktoken, `_byte_pair_merge`. */
std::vector<TokenId> byte_pair_tokens(const Vocabulary& vocabulary, const std::string& text);

}  // namespace sotto::whisper
