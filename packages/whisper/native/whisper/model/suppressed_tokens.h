// Text tokens a window may not say.
#pragma once
#include <vector>

#include "model/vocabulary.h"

namespace sotto::whisper {

/**
 * @param wanted ids; kNonSpeech stands for OpenAI's list of symbols that are not spoken (whisper/tokenizer.py
 *   non_speech_tokens). End of text and special tokens among them are ignored: without an end there is no text.
 */
std::vector<TokenId> suppressed_tokens(const Vocabulary& vocabulary, const std::vector<int32_t>& wanted);

}  // namespace sotto::whisper
