#include "decoding/beam_step.h"

#include <algorithm>
#include <cmath>

namespace sotto::whisper {
namespace {

constexpr size_t kMostAside = 3;  // each costs a row as a beam does

}  // namespace

std::vector<Hypothesis> BeamStep::next(const std::vector<Hypothesis>& running, const std::vector<Hypothesis>& finished, float* logits,
                                       size_t stride) {
  read(running, logits, stride);
  add_likeliest(running);
  const double least = options_.phrases ? bar(finished) : 0;
  std::vector<Hypothesis> next = beam(running);
  if (next.empty() && finished.empty()) {  // every continuation broke a rule
    next.push_back(running[0]);
    next[0].state = Hypothesis::State::failed;
  }
  if (options_.phrases) {
    add_lifted(running, least);
    for (Hypothesis& hypothesis : kept_aside(running, least)) next.push_back(std::move(hypothesis));
  }
  end_if_decided(next, finished);
  return next;
}

void BeamStep::read(const std::vector<Hypothesis>& running, float* logits, size_t stride) {
  tokens_.clear();
  likeliest_.clear();
  candidates_.clear();
  for (size_t i = 0; i < running.size(); ++i) {
    float* row = logits + i * stride;
    rules_.suppress(row, running[i], options_.suppressed);
    tokens_.emplace_back(row, rules_.allowed(running[i], limits_.timestamps), vocabulary_, 0.0f);
    if (options_.phrases) likeliest_.push_back(tokens_.back().best().logprob);
  }
}

// A sure beam's second-best is an unlikely end: with one beam there is no place for it.
void BeamStep::add_likeliest(const std::vector<Hypothesis>& running) {
  const size_t count = options_.width > 1 ? options_.width + 1 : 1;
  for (size_t i = 0; i < running.size(); ++i)
    for (const TokenChoice& choice : tokens_[i].top(count)) candidates_.push_back(candidate(running[i], i, choice));
  std::stable_sort(candidates_.begin(), candidates_.end(), [](const Candidate& a, const Candidate& b) { return a.sum > b.sum; });
}

BeamStep::Candidate BeamStep::candidate(const Hypothesis& hypothesis, size_t parent, const TokenChoice& choice) const {
  Candidate made{hypothesis.sum_logprob + choice.logprob, 0, parent, choice, hypothesis.phrases, !hypothesis.aside};
  if (!options_.phrases) return made;
  made.phrases.accept(*options_.phrases, vocabulary_, choice.id, choice.logprob >= likeliest_[parent]);
  made.sum += made.phrases.kept();
  made.lifted = made.sum + made.phrases.lent(*options_.phrases);
  if (made.phrases.kept() > hypothesis.phrases.kept()) made.competes = true;
  return made;
}

Hypothesis BeamStep::extended(const std::vector<Hypothesis>& running, const Candidate& candidate) const {
  Hypothesis hypothesis = running[candidate.parent];
  extend(hypothesis, candidate.choice, limits_, vocabulary_);
  hypothesis.phrases = candidate.phrases;
  hypothesis.aside = !candidate.competes;
  return hypothesis;
}

// What a text with its lift must reach: the best of those that compete, or of those that have ended.
double BeamStep::bar(const std::vector<Hypothesis>& finished) const {
  for (const Candidate& candidate : candidates_)
    if (candidate.competes) return candidate.sum;
  double best = -INFINITY;
  for (const Hypothesis& hypothesis : finished) best = std::max(best, hypothesis.lifted_sum());
  return best;
}

std::vector<Hypothesis> BeamStep::beam(const std::vector<Hypothesis>& running) {
  const size_t width = options_.width;
  std::vector<Hypothesis> beam;
  std::vector<Candidate> rest;
  size_t going_on = 0;
  for (Candidate& candidate : candidates_) {
    if (!candidate.competes || going_on == width) {
      rest.push_back(std::move(candidate));
      continue;
    }
    Hypothesis hypothesis = extended(running, candidate);
    if (hypothesis.state == Hypothesis::State::failed && width > 1) continue;
    if (hypothesis.running()) ++going_on;
    beam.push_back(std::move(hypothesis));
  }
  candidates_ = std::move(rest);
  return beam;
}

void BeamStep::add_lifted(const std::vector<Hypothesis>& running, double bar) {
  const PhraseTrie& trie = *options_.phrases;
  for (size_t i = 0; i < running.size(); ++i) {
    const Hypothesis& hypothesis = running[i];
    const TokenDistribution& tokens = tokens_[i];
    const std::vector<TokenChoice> known = tokens.top(options_.width > 1 ? options_.width + 1 : 1);
    const double most = hypothesis.lifted_sum() + hypothesis.phrases.lent(trie);
    std::vector<TokenId> added;
    hypothesis.phrases.each_next(trie, [&](const PhraseTrie::Child& child) {
      if (!tokens.allows(child.token)) return;
      const TokenChoice choice = tokens.choice(child.token);
      if (most + choice.logprob + std::max(trie.lift(child.node), trie.kept(child.node)) < bar) return;
      for (const TokenChoice& other : known)
        if (other.id == child.token) return;
      if (std::find(added.begin(), added.end(), child.token) != added.end()) return;
      added.push_back(child.token);
      candidates_.push_back(candidate(hypothesis, i, choice));
    });
  }
}

std::vector<Hypothesis> BeamStep::kept_aside(const std::vector<Hypothesis>& running, double bar) {
  const auto stays = [&](const Candidate& candidate) { return candidate.lifted >= bar && candidate.phrases.lent(*options_.phrases) > 0; };
  candidates_.erase(std::remove_if(candidates_.begin(), candidates_.end(), [&](const Candidate& c) { return !stays(c); }),
                    candidates_.end());
  std::stable_sort(candidates_.begin(), candidates_.end(), [](const Candidate& a, const Candidate& b) { return a.lifted > b.lifted; });
  if (candidates_.size() > kMostAside) candidates_.erase(candidates_.begin() + kMostAside, candidates_.end());
  std::vector<Hypothesis> kept;
  for (Candidate& candidate : candidates_) {
    candidate.competes = false;
    Hypothesis hypothesis = extended(running, candidate);
    if (hypothesis.running()) kept.push_back(std::move(hypothesis));
  }
  return kept;
}

void BeamStep::end_if_decided(std::vector<Hypothesis>& next, const std::vector<Hypothesis>& finished) const {
  const size_t enough = std::max<size_t>(1, std::lround(options_.width * options_.patience));
  size_t ended = finished.size();
  double best_ended = -INFINITY, best_running = -INFINITY;
  const auto rank = [&](const Hypothesis& hypothesis) {
    const double lent = hypothesis.aside ? hypothesis.phrases.lent(*options_.phrases) : 0;
    return ranked(hypothesis.lifted_sum() + lent, hypothesis.tokens.size(), options_.length_penalty);
  };
  const auto look = [&](const Hypothesis& hypothesis) {
    if (hypothesis.aside) return;
    double& best = hypothesis.running() ? best_running : best_ended;
    best = std::max(best, rank(hypothesis));
    if (!hypothesis.running()) ++ended;
  };
  for (const Hypothesis& hypothesis : finished) best_ended = std::max(best_ended, rank(hypothesis));
  for (const Hypothesis& hypothesis : next) look(hypothesis);
  if (ended < enough || best_ended < best_running) return;
  const auto is_over = [&](const Hypothesis& h) { return h.running() && (!h.aside || rank(h) <= best_ended); };
  next.erase(std::remove_if(next.begin(), next.end(), is_over), next.end());
}

}  // namespace sotto::whisper
