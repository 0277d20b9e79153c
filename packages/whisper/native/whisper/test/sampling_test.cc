// Choosing tokens against plain loops in double, over random rows: their likelihoods, the best, the top, ties and forbidden ones.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>
#include <vector>

#include "check.h"
#include "decoding/logit_range.h"
#include "decoding/logit_scan.h"
#include "decoding/token_distribution.h"
#include "team.h"

using namespace sotto::whisper;

static std::mt19937 random_source(1);

static int between(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_source); }

/** Some rows have few values, so that many are equal; some have many that are forbidden. */
static std::vector<float> random_logits(size_t count) {
  std::normal_distribution<float> normal(-5, between(0, 1) ? 3.0f : 20.0f);
  const bool coarse = between(0, 2) == 0;
  const int forbidden = between(0, 3) == 0 ? 3 : 1000;
  std::vector<float> logits(count);
  for (float& logit : logits) {
    logit = coarse ? std::round(normal(random_source)) : normal(random_source);
    if (between(0, forbidden) == 0) logit = -INFINITY;
  }
  return logits;
}

static double plain_sum(const float* logits, size_t count, double max, double scale) {
  double sum = 0;
  for (size_t i = 0; i < count; ++i) sum += std::exp((logits[i] - max) * scale);
  return sum;
}

static bool same_bits(const void* a, const void* b, size_t bytes) { return std::memcmp(a, b, bytes) == 0; }

// On a CPU without AVX2 both are the same.
static void check_scan() {
  const size_t count = between(0, 5) == 0 ? between(0, 40) : between(1, 3000);
  const float scale = between(0, 1) ? 1.0f : 1.0f / float(between(1, 5)) / 0.2f;
  const std::vector<float> logits = random_logits(count);
  std::vector<float> maxima(count / kScanBlock + 1, 0.0f), plain_maxima = maxima;
  const float max = logit_scan().block_maxima(logits.data(), count, maxima.data());
  const float plain_max = kPlainScan.block_maxima(logits.data(), count, plain_maxima.data());
  SOTTO_CHECK(same_bits(&max, &plain_max, sizeof max) && maxima == plain_maxima);
  SOTTO_CHECK(max == (count == 0 ? -INFINITY : *std::max_element(logits.begin(), logits.end())));
  if (max == -INFINITY) return;
  const double sum = logit_scan().sum_exp(logits.data(), count, maxima.data(), max, scale);
  const double plain = kPlainScan.sum_exp(logits.data(), count, maxima.data(), max, scale);
  SOTTO_CHECK(same_bits(&sum, &plain, sizeof sum));
  SOTTO_CHECK(std::fabs(sum / plain_sum(logits.data(), count, max, scale) - 1) < 1e-6);
}

static void check_range() {
  const int begin = between(0, 300), end = begin + between(0, 2000);
  const std::vector<float> logits = random_logits(end + 10);
  const LogitRange range(logits.data(), begin, end);
  const float wanted = between(0, 1) ? range.max() : std::round(range.max() - 3);
  const auto from = logits.begin() + begin, to = logits.begin() + end;
  SOTTO_CHECK(range.find(wanted) == std::find(from, to, wanted) - logits.begin());
  std::vector<TokenId> seen, expected;
  range.each_from(wanted, [&](TokenId id, float logit) {
    SOTTO_CHECK(logit == logits[id]);
    seen.push_back(id);
  });
  for (TokenId id = begin; id < end; ++id)
    if (logits[id] >= wanted) expected.push_back(id);
  SOTTO_CHECK(seen == expected);
}

/** What the rules leave of a row, as a plain list. */
struct PlainRow {
  std::vector<std::pair<float, TokenId>> allowed;  // likeliest first, of equals the lower token
  double log_sum, max;
};

static PlainRow plain_row(const std::vector<float>& logits, const AllowedTokens& allowed, const Vocabulary& vocabulary, double scale) {
  std::vector<std::pair<float, TokenId>> text, times;
  if (allowed.text)
    for (TokenId id = 0; id < vocabulary.eot(); ++id) text.push_back({logits[id], id});
  if (allowed.end) text.push_back({logits[vocabulary.eot()], vocabulary.eot()});
  for (TokenId id = allowed.first_time; id < allowed.end_time; ++id) times.push_back({logits[id], id});
  const auto max_of = [](const auto& entries) {
    float max = -INFINITY;
    for (const auto& entry : entries) max = std::max(max, entry.first);
    return max;
  };
  PlainRow row;
  row.max = std::max(max_of(text), max_of(times));
  double time_sum = 0, text_sum = 0;
  for (const auto& entry : times) time_sum += std::exp((entry.first - row.max) * scale);
  for (const auto& entry : text) text_sum += std::exp((entry.first - row.max) * scale);
  row.log_sum = std::log(time_sum + text_sum);
  if (!(std::log(time_sum) > (max_of(text) - row.max) * scale)) row.allowed = text;
  row.allowed.insert(row.allowed.end(), times.begin(), times.end());
  const auto forbidden = [](const auto& entry) { return entry.first == -INFINITY; };
  row.allowed.erase(std::remove_if(row.allowed.begin(), row.allowed.end(), forbidden), row.allowed.end());
  std::stable_sort(row.allowed.begin(), row.allowed.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  return row;
}

static AllowedTokens random_rules(const Vocabulary& vocabulary) {
  AllowedTokens allowed;
  allowed.text = between(0, 3) > 0;
  allowed.end = between(0, 3) > 0;
  allowed.first_time = vocabulary.begin() + between(0, 1500);
  allowed.end_time = between(0, 2) == 0 ? allowed.first_time : between(allowed.first_time, vocabulary.size());
  return allowed;
}

static void check_distribution(const Vocabulary& vocabulary) {
  std::vector<float> logits = random_logits(vocabulary.size());
  const AllowedTokens allowed = random_rules(vocabulary);
  const float temperature = between(0, 1) ? 0.0f : 0.2f * between(1, 5);
  const double scale = temperature > 0 ? 1 / double(temperature) : 1;
  if (between(0, 1)) logits[between(0, vocabulary.size() - 1)] = 20;
  const PlainRow row = plain_row(logits, allowed, vocabulary, scale);
  if (row.allowed.empty()) return;
  const TokenDistribution tokens(logits.data(), allowed, vocabulary, temperature);
  SOTTO_CHECK(tokens.best().id == row.allowed[0].second);
  const size_t k = between(1, 8), count = std::min(k, row.allowed.size());
  const std::vector<TokenChoice> top = tokens.top(k);
  SOTTO_CHECK(top.size() == count);
  for (size_t i = 0; i < std::min(count, top.size()); ++i) {
    SOTTO_CHECK(top[i].id == row.allowed[i].second);
    const double expected = (row.allowed[i].first - row.max) * scale - row.log_sum;
    SOTTO_CHECK(std::fabs(top[i].logprob - expected) < 1e-5 * std::max(1.0, std::fabs(expected)));
  }
  std::mt19937 draws(between(0, 1000));
  const TokenId drawn = tokens.draw(draws).id;
  SOTTO_CHECK(std::any_of(row.allowed.begin(), row.allowed.end(), [&](const auto& entry) { return entry.second == drawn; }));
}

// Often enough, each of a few likely tokens is drawn as often as it is likely.
static void check_draws(const Vocabulary& vocabulary) {
  std::vector<float> logits(vocabulary.size(), -100.0f);
  logits[7] = std::log(0.5f), logits[40000] = std::log(0.3f), logits[vocabulary.size() - 1] = std::log(0.2f);
  AllowedTokens allowed;
  allowed.first_time = vocabulary.begin(), allowed.end_time = vocabulary.size();
  const TokenDistribution tokens(logits.data(), allowed, vocabulary, 1.0f);
  std::vector<int> drawn(vocabulary.size(), 0);
  for (int i = 0; i < 4000; ++i) ++drawn[tokens.draw(random_source).id];
  SOTTO_CHECK(std::abs(drawn[7] - 2000) < 150 && std::abs(drawn[40000] - 1200) < 150 && std::abs(drawn.back() - 800) < 150);
}

static void check_each() {
  for (const int size : {1, 2, 5}) {
    Team team(size);
    for (size_t count = 0; count < 60; ++count) {
      std::vector<int> done(count, 0);
      team.each(count, [&](size_t i) { ++done[i]; });
      SOTTO_CHECK(std::count(done.begin(), done.end(), 1) == int(count));
    }
  }
}

int main() {
  for (int i = 0; i < 400; ++i) check_scan(), check_range();
  for (const int size : {51864, 51865, 51866}) {
    const Vocabulary vocabulary({}, size);
    for (int i = 0; i < 50; ++i) check_distribution(vocabulary);
    check_draws(vocabulary);
  }
  check_each();
  return report("sampling_test");
}
