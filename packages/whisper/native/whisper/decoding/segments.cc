#include "decoding/segments.h"

#include <algorithm>
#include <cmath>

namespace sotto::whisper {
namespace {

constexpr int kFrameMs = 10;

class Cutter {
 public:
  Cutter(const PassLimits& limits, const Vocabulary& vocabulary) : limits_(limits), vocabulary_(vocabulary) {}

  int frame_of(TokenId time) const { return limits_.seek + (vocabulary_.is_time(time) ? 2 * (time - vocabulary_.begin()) : 0); }
  void add(const TokenChoice& choice) {
    if (!vocabulary_.is_text(choice.id)) return;
    Token token;
    token.id = choice.id;
    token.bytes = vocabulary_.text(choice.id);
    token.plog = choice.logprob;
    token.p = std::exp(choice.logprob);
    tokens_.push_back(std::move(token));
  }
  void close(int start_frame, int end_frame) {
    if (tokens_.empty()) return;
    Segment segment;
    segment.start_ms = std::min(start_frame * kFrameMs, limits_.audio_ms);
    segment.end_ms = std::clamp(end_frame * kFrameMs, segment.start_ms, limits_.audio_ms);
    for (const Token& token : tokens_) segment.avg_logprob += token.plog / tokens_.size();
    segment.tokens = std::move(tokens_);
    tokens_.clear();
    segments_.push_back(std::move(segment));
  }
  std::vector<Segment> take() { return std::move(segments_); }

 private:
  const PassLimits& limits_;
  const Vocabulary& vocabulary_;
  std::vector<Token> tokens_;
  std::vector<Segment> segments_;
};

}  // namespace

std::vector<Segment> cut_segments(const Hypothesis& hypothesis, const PassLimits& limits, const Vocabulary& vocabulary) {
  Cutter cutter(limits, vocabulary);
  const auto& tokens = hypothesis.tokens;
  if (tokens.empty()) return {};
  const auto is_end = [&](const TokenChoice& t) { return t.id > vocabulary.begin(); };
  int start = cutter.frame_of(tokens.front().time);
  for (size_t i = 0; i < tokens.size(); ++i) {
    cutter.add(tokens[i]);
    if (!is_end(tokens[i])) continue;
    const int end = cutter.frame_of(tokens[i].id);
    cutter.close(start, end);
    start = end;
    while (i + 1 < tokens.size() && is_end(tokens[i + 1])) start = cutter.frame_of(tokens[++i].id);
  }
  cutter.close(start, limits.seek + hypothesis.seek_delta);
  return cutter.take();
}

int frames_consumed(const Hypothesis& hypothesis, const PassLimits& limits, const Vocabulary& vocabulary) {
  const auto& tokens = hypothesis.tokens;
  const size_t n = tokens.size();
  const bool single = n > 1 && !vocabulary.is_time(tokens[n - 2].id) && tokens[n - 1].id > vocabulary.begin();
  return single ? std::min(limits.seek_end - limits.seek, kChunkFrames) : hypothesis.seek_delta;
}

}  // namespace sotto::whisper
