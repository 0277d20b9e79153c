#include "decoding/token_distribution.h"

#include <algorithm>
#include <cmath>

#include "decoding/logit_scan.h"

namespace sotto::batch {
namespace {

constexpr TokenId kDrawBlock = 512;

}  // namespace

TokenDistribution::TokenDistribution(const float* logits, const AllowedTokens& allowed, const Vocabulary& vocabulary,
                                     float temperature)
    : logits_(logits), inverse_temperature_(temperature > 0 ? 1.0f / temperature : 1.0f), first_time_(vocabulary.begin()) {
  const TokenId eot = vocabulary.eot();
  const size_t times = allowed.end_time - allowed.first_time;
  const float* time_logits = logits + allowed.first_time;
  const float max_text = std::max(allowed.text ? max_of(logits, eot) : -INFINITY, allowed.end ? logits[eot] : -INFINITY);
  const float max_time = max_of(time_logits, times);
  max_ = std::max(max_text, max_time);

  const double time_sum = times > 0 ? sum_exp(time_logits, times, max_, inverse_temperature_) : 0;
  double text_sum = allowed.text ? sum_exp(logits, eot, max_, inverse_temperature_) : 0;
  if (allowed.end) text_sum += std::exp((logits[eot] - max_) * inverse_temperature_);
  log_sum_ = std::log(time_sum + text_sum);
  if (times > 0) best_time_ = allowed.first_time + static_cast<TokenId>(index_of(time_logits, times, max_time));

  // If all times together are likelier than any one text token, only a time may follow.
  const bool only_times = time_sum > 0 && std::log(time_sum) > (max_text - max_) * inverse_temperature_;
  if (!only_times && allowed.text) ranges_.push_back({0, eot});
  if (!only_times && allowed.end) ranges_.push_back({eot, eot + 1});
  if (times > 0) ranges_.push_back({allowed.first_time, allowed.end_time});
  const float max = only_times ? max_time : max_;
  for (const Range& range : ranges_) {
    const size_t at = index_of(logits + range.begin, range.end - range.begin, max);
    if (at == static_cast<size_t>(range.end - range.begin)) continue;
    best_ = range.begin + static_cast<TokenId>(at);
    break;
  }
}

TokenChoice TokenDistribution::choice(TokenId id) const {
  const double logprob = double(logits_[id] - max_) * inverse_temperature_ - log_sum_;
  return {id, static_cast<float>(logprob), id >= first_time_ ? id : best_time_};
}

double TokenDistribution::weight(TokenId id) const { return std::exp((logits_[id] - max_) * inverse_temperature_); }

std::vector<TokenChoice> TokenDistribution::top(int k) const {
  using Entry = std::pair<float, TokenId>;
  const auto better = [](const Entry& a, const Entry& b) { return a.first > b.first || (a.first == b.first && a.second < b.second); };
  std::vector<Entry> heap;  // the worst of the kept is in front
  for (const Range& range : ranges_)
    for (TokenId id = range.begin; id < range.end; ++id) {
      const float logit = logits_[id];
      if (static_cast<int>(heap.size()) == k ? logit <= heap.front().first : logit == -INFINITY) continue;
      if (static_cast<int>(heap.size()) == k) {
        std::pop_heap(heap.begin(), heap.end(), better);
        heap.pop_back();
      }
      heap.push_back({logit, id});
      std::push_heap(heap.begin(), heap.end(), better);
    }
  std::sort_heap(heap.begin(), heap.end(), better);
  std::vector<TokenChoice> choices;
  for (const Entry& entry : heap) choices.push_back(choice(entry.second));
  return choices;
}

// As std::discrete_distribution draws (upstream uses it): one canonical double, the first cumulative sum above it. Whole blocks
// are summed at once; only the block that holds the draw is walked.
TokenChoice TokenDistribution::draw(std::mt19937& random) const {
  std::vector<std::pair<Range, double>> blocks;
  double total = 0;
  for (const Range& range : ranges_)
    for (TokenId begin = range.begin; begin < range.end; begin += kDrawBlock) {
      const TokenId end = std::min(begin + kDrawBlock, range.end);
      blocks.push_back({{begin, end}, sum_exp(logits_ + begin, end - begin, max_, inverse_temperature_)});
      total += blocks.back().second;
    }
  double left = std::generate_canonical<double, 53>(random) * total;
  for (const auto& block : blocks) {
    if (left >= block.second) {
      left -= block.second;
      continue;
    }
    for (TokenId id = block.first.begin; id < block.first.end; ++id) {
      left -= weight(id);
      if (left < 0) return choice(id);
    }
  }
  return best();
}

}  // namespace sotto::batch
