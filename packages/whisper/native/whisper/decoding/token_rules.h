// Which tokens may follow a hypothesis: Whisper's suppression and timestamp rules.
// Source: OpenAI whisper/decoding.py SuppressBlank, SuppressTokens, ApplyTimestampRules, as whisper.cpp applies them.
#pragma once
#include <vector>

#include "decoding/hypothesis.h"
#include "model/vocabulary.h"

namespace sotto::whisper {

/** Special tokens between end-of-text and the first time are never allowed. */
struct AllowedTokens {
  bool text = true;  // [0, eot)
  bool end = true;   // eot
  TokenId first_time = 0, end_time = 0;
};

class TokenRules {
 public:
  TokenRules(const Vocabulary& vocabulary, int n_audio_ctx);

  AllowedTokens allowed(const Hypothesis& hypothesis, bool timestamps) const;
  /** Rules out single text tokens: the blank at the start, and `never`. */
  void suppress(float* logits, const Hypothesis& hypothesis, const std::vector<TokenId>& never) const;

 private:
  const Vocabulary& vocabulary_;
  TokenId blank_;
  int max_first_time_;  // the first time may be at most 1 s, in time tokens
};

}  // namespace sotto::whisper
