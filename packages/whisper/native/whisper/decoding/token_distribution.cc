#include "decoding/token_distribution.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "decoding/logit_scan.h"

namespace sotto::whisper {
namespace {

constexpr TokenId kDrawBlock = 2 * kScanBlock;

}  // namespace

TokenDistribution::TokenDistribution(const float* logits, const AllowedTokens& allowed, const Vocabulary& vocabulary, float temperature)
    : logits_(logits), inverse_temperature_(temperature > 0 ? 1.0f / temperature : 1.0f), first_time_(vocabulary.begin()) {
  const TokenId eot = vocabulary.eot();
  LogitRange text(logits, 0, allowed.text ? eot : 0), end(logits, eot, allowed.end ? eot + 1 : eot);
  LogitRange times(logits, allowed.first_time, allowed.end_time);
  const float max_text = std::max(text.max(), end.max());
  max_ = std::max(max_text, times.max());

  const double time_sum = times.sum_exp(max_, inverse_temperature_);
  double text_sum = text.sum_exp(max_, inverse_temperature_);
  if (!end.empty()) text_sum += weight(eot);
  log_sum_ = std::log(time_sum + text_sum);
  if (!times.empty()) best_time_ = times.find(times.max());

  // If all times together are likelier than any one text token, only a time may follow.
  const bool only_times = time_sum > 0 && std::log(time_sum) > (max_text - max_) * inverse_temperature_;
  const float max = only_times ? times.max() : max_;
  for (LogitRange* range : {&text, &end, &times})
    if (!range->empty() && (!only_times || range == &times)) ranges_.push_back(std::move(*range));
  for (const LogitRange& range : ranges_) {
    const TokenId at = range.find(max);
    if (at == range.end()) continue;
    best_ = at;
    break;
  }
}

TokenChoice TokenDistribution::choice(TokenId id) const {
  const double logprob = double(logits_[id] - max_) * inverse_temperature_ - log_sum_;
  return {id, float(logprob), id >= first_time_ ? id : best_time_};
}

bool TokenDistribution::allows(TokenId id) const {
  const auto holds = [&](const LogitRange& range) { return id >= range.begin() && id < range.end(); };
  return logits_[id] != -INFINITY && std::any_of(ranges_.begin(), ranges_.end(), holds);
}

double TokenDistribution::weight(TokenId id) const { return std::exp((logits_[id] - max_) * inverse_temperature_); }

// The k-th of the blocks' maxima: so many logits at least are as large. Never -inf, which is not allowed.
float TokenDistribution::floor_of_top(size_t k) const {
  constexpr float kLowest = std::numeric_limits<float>::lowest();
  std::vector<float> maxima;
  for (const LogitRange& range : ranges_) maxima.insert(maxima.end(), range.maxima().begin(), range.maxima().end());
  if (k == 0 || maxima.size() < k) return kLowest;
  std::nth_element(maxima.begin(), maxima.begin() + (k - 1), maxima.end(), std::greater<float>());
  return std::max(maxima[k - 1], kLowest);
}

std::vector<TokenChoice> TokenDistribution::top(size_t k) const {
  using Entry = std::pair<float, TokenId>;
  const auto better = [](const Entry& a, const Entry& b) { return a.first > b.first || (a.first == b.first && a.second < b.second); };
  std::vector<Entry> likely;
  const float floor = floor_of_top(k);
  for (const LogitRange& range : ranges_) range.each_from(floor, [&](TokenId id, float logit) { likely.push_back({logit, id}); });
  const size_t count = std::min(k, likely.size());
  std::partial_sort(likely.begin(), likely.begin() + count, likely.end(), better);
  std::vector<TokenChoice> choices;
  for (size_t i = 0; i < count; ++i) choices.push_back(choice(likely[i].second));
  return choices;
}

// As std::discrete_distribution draws (upstream uses it): one canonical double, the first cumulative sum above it. Whole blocks
// are summed at once; only the block that holds the draw is walked.
TokenChoice TokenDistribution::draw(std::mt19937& random) const {
  struct Block {
    TokenId begin, end;
    double sum;
  };
  std::vector<Block> blocks;
  double total = 0;
  for (const LogitRange& range : ranges_)
    for (TokenId begin = range.begin(); begin < range.end(); begin += kDrawBlock) {
      const TokenId end = std::min(begin + kDrawBlock, range.end());
      blocks.push_back({begin, end, range.sum_exp(begin, end, max_, inverse_temperature_)});
      total += blocks.back().sum;
    }
  double left = std::generate_canonical<double, 53>(random) * total;
  for (const Block& block : blocks) {
    if (left >= block.sum) {
      left -= block.sum;
      continue;
    }
    for (TokenId id = block.begin; id < block.end; ++id) {
      left -= weight(id);
      if (left < 0) return choice(id);
    }
  }
  return best();
}

}  // namespace sotto::whisper
