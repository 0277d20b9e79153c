#include "decoding/pass.h"

#include <cmath>

namespace sotto::whisper {
namespace {

constexpr float kPromptTemperatureLimit = 0.5f;  // above it the prompt is left out (OpenAI, whisper.cpp)
constexpr float kLastTemperature = 1.0f + 1e-6f;
constexpr int kEntropyMinTokens = 32;

}  // namespace

Pass::Pass(const Model& model, const TokenRules& rules, CellPool& cells, std::vector<std::mt19937>& randoms, const WindowOptions& options,
           Settings settings)
    : model_(model),
      rules_(rules),
      cells_(cells),
      randoms_(randoms),
      options_(options),
      settings_(std::move(settings)),
      temperature_(options.temperature) {
  begin_attempt();
}

void Pass::begin_attempt() {
  std::vector<TokenId> prompt;
  used_prompt_.clear();
  if (temperature_ < kPromptTemperatureLimit && !settings_.prompt.empty()) {
    used_prompt_ = settings_.prompt;
    prompt.push_back(model_.vocabulary.previous());
    prompt.insert(prompt.end(), used_prompt_.begin(), used_prompt_.end());
  }
  prompt.insert(prompt.end(), settings_.task.begin(), settings_.task.end());
  AttemptOptions attempt;
  attempt.temperature = temperature_;
  attempt.width = std::max(1, temperature_ > 0 ? options_.best_of : options_.beam_size);
  attempt.patience = options_.patience;
  attempt.length_penalty = options_.length_penalty;
  attempt.suppressed = settings_.suppressed;
  attempt.phrases = options_.phrases;
  attempt_ = std::make_unique<Attempt>(model_, rules_, cells_, randoms_, std::move(prompt), settings_.limits, attempt);
}

void Pass::accept(float* logits, size_t stride) {
  attempt_->accept(logits, stride);
  if (!attempt_->done()) return;
  no_speech_prob_ = attempt_->no_speech_prob();
  choose();
  const float next = temperature_ + options_.temperature_increment;
  done_ = options_.temperature_increment <= 0 || next >= kLastTemperature || good_enough();
  if (done_) return;
  temperature_ = next;
  begin_attempt();
}

// Failed hypotheses are out, and those that repeat themselves fail. When all fail, the one stands that was best
// before, or the first.
void Pass::choose() {
  const Hypothesis *best = nullptr, *fallback = nullptr;
  double best_rank = -INFINITY;
  for (const Hypothesis& hypothesis : attempt_->hypotheses()) {
    if (!fallback || hypothesis.source == best_source_) fallback = &hypothesis;
    if (hypothesis.state == Hypothesis::State::failed) continue;
    const Score scored = score(hypothesis, options_.length_penalty);
    const bool repeats = hypothesis.result_length > kEntropyMinTokens && scored.entropy < options_.entropy_threshold;
    if (repeats || (best && scored.rank <= best_rank)) continue;
    best = &hypothesis;
    best_rank = scored.rank;
  }
  best_ = best ? *best : *fallback;
  average_logprob_ = -INFINITY;
  if (best_.state != Hypothesis::State::failed) {
    average_logprob_ = float(score(best_, options_.length_penalty).average_logprob);
    best_.tokens.resize(best_.result_length);
  }
  if (best) best_source_ = best->source;
  if (!best) best_.state = Hypothesis::State::failed;
}

bool Pass::good_enough() const {
  if (best_.state == Hypothesis::State::failed) return false;
  return average_logprob_ >= options_.logprob_threshold || no_speech_prob_ >= options_.no_speech_threshold;
}

bool Pass::is_silence() const { return no_speech_prob_ > options_.no_speech_threshold && average_logprob_ < options_.logprob_threshold; }

}  // namespace sotto::whisper
