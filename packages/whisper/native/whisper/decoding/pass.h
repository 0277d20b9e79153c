// One pass over the encoded 30 s: attempts at rising temperatures until one is good enough, then its segments.
#pragma once
#include <memory>
#include <vector>

#include "decoding/attempt.h"
#include "window.h"

namespace sotto::whisper {

class Pass {
 public:
  struct Settings {
    std::vector<TokenId> prompt;  // context, already cut to what fits; used below temperature 0.5 only
    std::vector<TokenId> task;    // sot, language, task, no-timestamps
    PassLimits limits;
    std::vector<TokenId> suppressed;  // text tokens that are never said
  };
  Pass(const Model& model, const TokenRules& rules, CellPool& cells, std::vector<std::mt19937>& randoms, const WindowOptions& options,
       Settings settings);

  bool done() const { return done_; }
  void add_rows(int slot, std::vector<Row>& rows) { attempt_->add_rows(slot, rows); }
  void accept(float* logits, size_t stride);

  const Hypothesis& best() const { return best_; }
  /** The prompt tokens, without markers, that the last attempt really had. */
  const std::vector<TokenId>& used_prompt() const { return used_prompt_; }
  bool is_silence() const;
  float temperature() const { return temperature_; }
  float no_speech_prob() const { return no_speech_prob_; }
  float average_logprob() const { return average_logprob_; }
  int progress_frames() const { return attempt_->seek_delta(); }

 private:
  void begin_attempt();
  void choose();
  bool good_enough() const;

  const Model& model_;
  const TokenRules& rules_;
  CellPool& cells_;
  std::vector<std::mt19937>& randoms_;
  const WindowOptions& options_;
  const Settings settings_;
  std::unique_ptr<Attempt> attempt_;
  std::vector<TokenId> used_prompt_;
  Hypothesis best_;
  int best_source_ = 0;
  float temperature_;
  float no_speech_prob_ = 0;
  float average_logprob_ = 0;
  bool done_ = false;
};

}  // namespace sotto::whisper
