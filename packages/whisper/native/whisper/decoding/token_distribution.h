// The probabilities a row of logits gives to the allowed tokens, without writing a distribution of 51 864 numbers.
#pragma once
#include <random>
#include <vector>

#include "decoding/logit_range.h"
#include "decoding/token_choice.h"
#include "decoding/token_rules.h"

namespace sotto::whisper {

class TokenDistribution {
 public:
  /** `logits` outlive this object. @param temperature 0 counts as 1, as upstream. */
  TokenDistribution(const float* logits, const AllowedTokens& allowed, const Vocabulary& vocabulary, float temperature);

  TokenChoice best() const { return choice(best_); }
  /** The k likeliest, best first; of equals the lower token. Fewer when fewer are allowed. */
  std::vector<TokenChoice> top(size_t k) const;
  bool allows(TokenId id) const;
  TokenChoice choice(TokenId id) const;
  TokenChoice draw(std::mt19937& random) const;

 private:
  double weight(TokenId id) const;
  float floor_of_top(size_t k) const;

  const float* logits_;
  float inverse_temperature_;
  TokenId first_time_;
  std::vector<LogitRange> ranges_;  // left after the rule that likely times displace text
  float max_ = 0;
  double log_sum_ = 0;  // log of the sum of e^((logit - max) / temperature) over what the rules left
  TokenId best_ = 0;
  TokenId best_time_ = 0;
};

}  // namespace sotto::whisper
