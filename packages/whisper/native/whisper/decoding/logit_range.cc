#include "decoding/logit_range.h"

#include <algorithm>

#include "decoding/logit_scan.h"

namespace sotto::whisper {
namespace {

size_t blocks_of(TokenId begin, TokenId end) { return begin < end ? (size_t(end - begin) + kScanBlock - 1) / kScanBlock : 0; }

}  // namespace

LogitRange::LogitRange(const float* logits, TokenId begin, TokenId end)
    : logits_(logits), begin_(begin), end_(std::max(begin, end)), maxima_(blocks_of(begin, end)) {
  max_ = logit_scan().block_maxima(logits_ + begin_, end_ - begin_, maxima_.data());
}

TokenId LogitRange::first_of(size_t block) const { return begin_ + TokenId(block * kScanBlock); }

TokenId LogitRange::end_of(size_t block) const { return std::min(first_of(block + 1), end_); }

TokenId LogitRange::find(float logit) const {
  for (size_t block = 0; block < maxima_.size(); ++block) {
    if (maxima_[block] < logit) continue;
    const float* end = logits_ + end_of(block);
    const float* at = std::find(logits_ + first_of(block), end, logit);
    if (at != end) return TokenId(at - logits_);
  }
  return end_;
}

double LogitRange::sum_exp(TokenId from, TokenId to, float max, float scale) const {
  return logit_scan().sum_exp(logits_ + from, to - from, maxima_.data() + (from - begin_) / kScanBlock, max, scale);
}

}  // namespace sotto::whisper
