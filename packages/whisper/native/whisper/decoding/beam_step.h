// One step of beam search, and of greedy search, which is a beam of one, where phrases are expected.
//
// The likeliest continuations over all beams; ended ones leave the beam and others take their place
// (OpenAI whisper/decoding.py BeamSearchDecoder). The candidates of a sure beam are itself and unlikely ends: these must not
// stop it, so unlike OpenAI's the search goes on while a running hypothesis ranks above all that have ended.
//
// Expected phrases: a text that comes into one by its lift alone is kept aside, beside the beams, and takes the place of none. When the
// phrase is all there, it competes with what it keeps of the lift; when it goes on otherwise, it is dropped. So phrases that nobody says
// change nothing, to the last bit.
#pragma once
#include <vector>

#include "decoding/attempt_options.h"
#include "decoding/hypothesis.h"
#include "decoding/token_distribution.h"
#include "decoding/token_rules.h"

namespace sotto::whisper {

class BeamStep {
 public:
  /** References must live as long as this object. */
  BeamStep(const Vocabulary& vocabulary, const TokenRules& rules, const PassLimits& limits, const AttemptOptions& options)
      : vocabulary_(vocabulary), rules_(rules), limits_(limits), options_(options) {}

  /**
   * @param logits a row for each of `running`; `stride` 0: all go on from the same. May be written to.
   * @param finished what has ended in earlier steps.
   * @returns what goes on, and what has ended in this step; those aside last.
   */
  std::vector<Hypothesis> next(const std::vector<Hypothesis>& running, const std::vector<Hypothesis>& finished, float* logits,
                               size_t stride);

 private:
  struct Candidate {
    double sum;     // log-probability and the lifts it keeps
    double lifted;  // with the lift of a phrase under way
    size_t parent;
    TokenChoice choice;
    PhraseMatches phrases;
    bool competes;  // for a place in the beam
  };
  void read(const std::vector<Hypothesis>& running, float* logits, size_t stride);
  void add_likeliest(const std::vector<Hypothesis>& running);
  void add_lifted(const std::vector<Hypothesis>& running, double bar);
  Candidate candidate(const Hypothesis& hypothesis, size_t parent, const TokenChoice& choice) const;
  Hypothesis extended(const std::vector<Hypothesis>& running, const Candidate& candidate) const;
  double bar(const std::vector<Hypothesis>& finished) const;
  std::vector<Hypothesis> beam(const std::vector<Hypothesis>& running);
  std::vector<Hypothesis> kept_aside(const std::vector<Hypothesis>& running, double bar);
  void end_if_decided(std::vector<Hypothesis>& next, const std::vector<Hypothesis>& finished) const;

  const Vocabulary& vocabulary_;
  const TokenRules& rules_;
  const PassLimits& limits_;
  const AttemptOptions& options_;
  std::vector<TokenDistribution> tokens_;  // of each running hypothesis
  std::vector<double> likeliest_;          // log-probability of its likeliest token
  std::vector<Candidate> candidates_;
};

}  // namespace sotto::whisper
