// Whether two outcomes say the same: text, times, language; confidences within a tolerance.
#pragma once
#include <cmath>

#include "many_windows.h"

namespace sotto::whisper {

inline bool same_token(const Token& a, const Token& b, float tolerance) {
  return a.id == b.id && a.start_ms == b.start_ms && a.end_ms == b.end_ms && std::fabs(a.p - b.p) <= tolerance &&
         std::fabs(a.plog - b.plog) <= tolerance;
}

inline bool same_segment(const Segment& a, const Segment& b, float tolerance) {
  if (a.start_ms != b.start_ms || a.end_ms != b.end_ms || a.tokens.size() != b.tokens.size()) return false;
  for (size_t i = 0; i < a.tokens.size(); ++i)
    if (!same_token(a.tokens[i], b.tokens[i], tolerance)) return false;
  return true;
}

inline bool same_outcome(const Outcome& a, const Outcome& b, float tolerance) {
  const WindowResult &x = a.result, &y = b.result;
  if (a.status != b.status || x.segments.size() != y.segments.size() || x.language != y.language || x.temperature != y.temperature)
    return false;
  const float distances[] = {x.no_speech_prob - y.no_speech_prob, x.avg_logprob - y.avg_logprob,
                             x.language_probability - y.language_probability};
  for (const float distance : distances)
    if (!(std::fabs(distance) <= tolerance)) return false;
  for (size_t i = 0; i < x.segments.size(); ++i)
    if (!same_segment(x.segments[i], y.segments[i], tolerance)) return false;
  return true;
}

}  // namespace sotto::whisper
