#include "decoding/token_rules.h"

#include <algorithm>
#include <cmath>

namespace sotto::whisper {

TokenRules::TokenRules(const Vocabulary& vocabulary, int n_audio_ctx)
    : vocabulary_(vocabulary), blank_(vocabulary.find(" ")), max_first_time_(int(std::round(1.0f / (30.0f / n_audio_ctx)))) {}

AllowedTokens TokenRules::allowed(const Hypothesis& h, bool timestamps) const {
  const auto& tokens = h.tokens;
  AllowedTokens allowed;
  allowed.first_time = vocabulary_.begin();
  allowed.end_time = timestamps ? vocabulary_.size() : vocabulary_.begin();
  allowed.end = !tokens.empty();
  if (tokens.empty()) allowed.end_time = std::min(allowed.end_time, vocabulary_.begin() + max_first_time_ + 1);

  const bool last_is_time = !tokens.empty() && vocabulary_.is_time(tokens.back().id);
  const bool before_is_time = tokens.size() < 2 || vocabulary_.is_time(tokens[tokens.size() - 2].id);
  if (last_is_time && before_is_time) allowed.end_time = allowed.first_time;  // a pair is complete
  if (last_is_time && !before_is_time) allowed.text = false;                  // a pair must be completed
  if (h.has_time) allowed.first_time += h.seek_delta / 2;
  allowed.first_time = std::min(allowed.first_time, allowed.end_time);
  return allowed;
}

void TokenRules::suppress(float* logits, const Hypothesis& h, const std::vector<TokenId>& never) const {
  for (const TokenId id : never) logits[id] = -INFINITY;
  if (h.tokens.empty() && blank_ >= 0) logits[blank_] = -INFINITY;
}

}  // namespace sotto::whisper
