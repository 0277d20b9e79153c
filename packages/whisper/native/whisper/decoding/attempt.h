// One try at decoding a pass at one temperature: greedy, best of k draws, or beam search.
//
// feeding the prompt -> growing hypotheses -> done
#pragma once
#include <random>
#include <vector>

#include "backend.h"
#include "decoding/attempt_options.h"
#include "decoding/cell_pool.h"
#include "decoding/hypothesis.h"
#include "decoding/token_rules.h"

namespace sotto::whisper {

class Attempt {
 public:
  Attempt(const Model& model, const TokenRules& rules, CellPool& cells, std::vector<std::mt19937>& randoms, std::vector<TokenId> prompt,
          const PassLimits& limits, const AttemptOptions& options);

  bool done() const { return fed_ == prompt_.size() && running_.empty(); }
  /** Adds the rows of the next step. */
  void add_rows(int slot, std::vector<Row>& rows);
  /** @param logits the rows of this attempt that wanted them; may be written to. */
  void accept(float* logits, size_t stride);

  const std::vector<Hypothesis>& hypotheses() const { return finished_; }
  float no_speech_prob() const { return no_speech_prob_; }
  int seek_delta() const;  // progress: how far the first running hypothesis has come

 private:
  bool beams() const { return options_.temperature <= 0 && (options_.width > 1 || options_.phrases); }
  void read_no_speech(const float* logits);
  void start(float* logits);
  void step_each(float* logits, size_t stride);
  void step_beams(float* logits, size_t stride);
  TokenChoice pick(float* logits, const Hypothesis& hypothesis, std::mt19937& random);
  void settle(std::vector<Hypothesis> next);

  const Model& model_;
  const TokenRules& rules_;
  CellPool& cells_;
  std::vector<std::mt19937>& randoms_;
  const std::vector<TokenId> prompt_;
  const PassLimits limits_;
  const AttemptOptions options_;
  size_t fed_ = 0;      // prompt tokens run so far
  size_t feeding_ = 0;  // of them, in the step under way
  std::vector<int32_t> prompt_cells_;
  std::vector<Hypothesis> running_, finished_;
  float no_speech_prob_ = 0;
};

}  // namespace sotto::whisper
