#include "decoding/attempt.h"

#include <algorithm>
#include <cmath>

#include "decoding/beam_step.h"
#include "decoding/logit_range.h"
#include "decoding/token_distribution.h"

namespace sotto::whisper {
namespace {

constexpr size_t kPromptRowsPerStep = 64;  // a long prompt does not hold the other windows for long

size_t sot_index(const std::vector<TokenId>& prompt, TokenId sot) { return std::find(prompt.begin(), prompt.end(), sot) - prompt.begin(); }

}  // namespace

Attempt::Attempt(const Model& model, const TokenRules& rules, CellPool& cells, std::vector<std::mt19937>& randoms,
                 std::vector<TokenId> prompt, const PassLimits& limits, const AttemptOptions& options)
    : model_(model), rules_(rules), cells_(cells), randoms_(randoms), prompt_(std::move(prompt)), limits_(limits), options_(options) {
  cells_.clear();
  for (size_t i = 0; i < prompt_.size(); ++i) prompt_cells_.push_back(cells_.take());
}

int Attempt::seek_delta() const { return !running_.empty() && running_[0].has_time ? running_[0].seek_delta : 0; }

void Attempt::add_rows(int slot, std::vector<Row>& rows) {
  if (fed_ < prompt_.size()) {
    feeding_ = std::min(kPromptRowsPerStep, prompt_.size() - fed_);
    const size_t sot = sot_index(prompt_, model_.vocabulary.sot());
    for (size_t i = fed_; i < fed_ + feeding_; ++i) {
      const bool wanted = i == sot || i + 1 == prompt_.size();
      rows.push_back({prompt_[i], int(i), slot, prompt_cells_[i], &prompt_cells_, int(i) + 1, wanted, false});
    }
    return;
  }
  for (Hypothesis& hypothesis : running_) {
    const int position = int(prompt_.size() + hypothesis.tokens.size()) - 1;
    hypothesis.cells.push_back(cells_.take());
    rows.push_back({hypothesis.tokens.back().id, position, slot, hypothesis.cells.back(), &hypothesis.cells, int(hypothesis.cells.size()),
                    true, false});
  }
}

void Attempt::accept(float* logits, size_t stride) {
  if (fed_ == prompt_.size()) {
    beams() ? step_beams(logits, stride) : step_each(logits, stride);
    return;
  }
  const size_t sot = sot_index(prompt_, model_.vocabulary.sot());
  const bool has_sot = sot >= fed_ && sot < fed_ + feeding_;
  fed_ += feeding_;
  if (has_sot) read_no_speech(logits);
  if (fed_ < prompt_.size()) return;
  start(logits + (has_sot && sot + 1 < prompt_.size() ? stride : 0));
}

// OpenAI reads it where the start-of-transcript token stands (whisper/decoding.py, probs_at_sot).
void Attempt::read_no_speech(const float* logits) {
  const LogitRange tokens(logits, 0, model_.vocabulary.size());
  const float logit = logits[model_.vocabulary.no_speech()];
  no_speech_prob_ = float(std::exp(logit - tokens.max()) / tokens.sum_exp(tokens.max(), 1.0f));
}

TokenChoice Attempt::pick(float* logits, const Hypothesis& hypothesis, std::mt19937& random) {
  rules_.suppress(logits, hypothesis, options_.suppressed);
  const TokenDistribution tokens(logits, rules_.allowed(hypothesis, limits_.timestamps), model_.vocabulary, options_.temperature);
  return options_.temperature < 1e-6f ? tokens.best() : tokens.draw(random);
}

void Attempt::start(float* logits) {
  Hypothesis empty;
  empty.cells = prompt_cells_;
  if (beams()) {
    running_ = {empty};
    step_beams(logits, 0);
    return;
  }
  running_.assign(options_.width, empty);
  for (int i = 0; i < options_.width; ++i) running_[i].source = i;
  step_each(logits, 0);
}

// `stride` 0: all hypotheses go on from the same logits.
void Attempt::step_each(float* logits, size_t stride) {
  for (size_t i = 0; i < running_.size(); ++i) {
    const TokenChoice choice = pick(logits + i * stride, running_[i], randoms_[running_[i].source]);
    extend(running_[i], choice, limits_, model_.vocabulary);
  }
  settle(std::move(running_));
}

void Attempt::step_beams(float* logits, size_t stride) {
  BeamStep step(model_.vocabulary, rules_, limits_, options_);
  settle(step.next(running_, finished_, logits, stride));
}

void Attempt::settle(std::vector<Hypothesis> next) {
  running_.clear();
  for (Hypothesis& hypothesis : next) (hypothesis.running() ? running_ : finished_).push_back(std::move(hypothesis));
  std::vector<const std::vector<int32_t>*> kept = {&prompt_cells_};
  for (const Hypothesis& hypothesis : running_) kept.push_back(&hypothesis.cells);
  cells_.keep(kept);
  // There are cells for every beam, and for those aside as long as the beams share enough of theirs.
  while (!running_.empty() && running_.back().aside && cells_.free() < running_.size()) {
    running_.pop_back();
    kept.pop_back();
    cells_.keep(kept);
  }
}

}  // namespace sotto::whisper
