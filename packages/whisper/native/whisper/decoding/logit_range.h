// Neighbouring tokens of a row of logits, looked through once: what is asked of them later looks at few of them again.
#pragma once
#include <cstddef>
#include <vector>

#include "model/vocabulary.h"

namespace sotto::whisper {

class LogitRange {
 public:
  /** Tokens [begin, end) of `logits`, which outlive this object and do not change. */
  LogitRange(const float* logits, TokenId begin, TokenId end);

  TokenId begin() const { return begin_; }
  TokenId end() const { return end_; }
  bool empty() const { return begin_ >= end_; }
  /** -inf for no tokens. */
  float max() const { return max_; }
  /** The first token with this logit, or end(). */
  TokenId find(float logit) const;
  /** Sum of e^((logit - max) * scale); relative error below 1e-6. */
  double sum_exp(float max, float scale) const { return sum_exp(begin_, end_, max, scale); }
  /** The same over tokens [from, to); `from` is begin() plus a multiple of kScanBlock. */
  double sum_exp(TokenId from, TokenId to, float max, float scale) const;
  /** Maxima of blocks of kScanBlock tokens. */
  const std::vector<float>& maxima() const { return maxima_; }
  /** Calls see(token, logit) for each that is at least `floor`, in order. */
  template <typename See>
  void each_from(float floor, See see) const {
    for (size_t block = 0; block < maxima_.size(); ++block)
      if (maxima_[block] >= floor)
        for (TokenId id = first_of(block); id < end_of(block); ++id)
          if (logits_[id] >= floor) see(id, logits_[id]);
  }

 private:
  TokenId first_of(size_t block) const;
  TokenId end_of(size_t block) const;

  const float* logits_;
  TokenId begin_, end_;
  std::vector<float> maxima_;
  float max_;
};

}  // namespace sotto::whisper
