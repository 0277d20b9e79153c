#include "decoding/hypothesis.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace sotto::whisper {
namespace {

// @returns false when the time runs backwards.
bool take_time(Hypothesis& h, TokenId id, TokenId begin) {
  const int last = int(h.tokens.size()) - 1;
  const int seek_delta = 2 * (id - begin);
  if (h.has_time && h.seek_delta > seek_delta && h.result_length < last) return false;
  h.seek_delta = seek_delta;
  h.result_length = last + 1;
  h.has_time = true;
  return true;
}

Hypothesis::State finish(Hypothesis& h, const PassLimits& limits, bool at_end) {
  const int length = int(h.tokens.size());
  if (h.result_length == 0 && limits.timestamps) {
    if (!at_end) return Hypothesis::State::failed;
    h.result_length = length;
  }
  if (!limits.timestamps) {
    h.result_length = length;
    h.seek_delta = kChunkFrames;
  }
  return Hypothesis::State::completed;
}

double tail_entropy(const Hypothesis& h) {
  constexpr int kTail = 32;
  std::map<TokenId, int> counts;
  const int first = std::max(0, h.result_length - kTail), total = h.result_length - first;
  for (int i = first; i < h.result_length; ++i) counts[h.tokens[i].id]++;
  double entropy = 0;
  for (const auto& entry : counts) {
    const double p = double(entry.second) / total;
    entropy -= p * std::log(p);
  }
  return entropy;
}

}  // namespace

void extend(Hypothesis& h, const TokenChoice& choice, const PassLimits& limits, const Vocabulary& vocabulary) {
  h.tokens.push_back(choice);
  h.sum_logprob += choice.logprob;
  if (choice.id > vocabulary.begin() && !take_time(h, choice.id, vocabulary.begin())) {
    h.state = Hypothesis::State::failed;
    return;
  }
  const bool at_end = limits.seek + h.seek_delta + kMinFrames >= limits.seek_end;
  if (choice.id == vocabulary.eot() || (h.has_time && at_end)) {
    h.state = finish(h, limits, at_end);
    return;
  }
  const bool at_limit = int(h.tokens.size()) >= limits.max_tokens;
  if (at_limit) {
    const bool loop = h.result_length == 0 || h.seek_delta < kChunkFrames / 2;
    h.state = loop ? Hypothesis::State::failed : Hypothesis::State::completed;
  }
}

double ranked(double sum_logprob, size_t length, float length_penalty) {
  const double tokens = double(length);
  return sum_logprob / (length_penalty >= 0 ? std::pow((5.0 + tokens) / 6.0, length_penalty) : std::max(1.0, tokens));
}

Score score(const Hypothesis& h, float length_penalty) {
  if (h.result_length == 0) return {-INFINITY, 0, -INFINITY};
  double sum = 0;
  for (int i = 0; i < h.result_length; ++i) sum += h.tokens[i].logprob;
  return {(sum + h.phrases.kept()) / h.result_length, tail_entropy(h), ranked(h.lifted_sum(), h.tokens.size(), length_penalty)};
}

}  // namespace sotto::whisper
