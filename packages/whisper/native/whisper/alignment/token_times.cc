#include "alignment/token_times.h"

#include <algorithm>

namespace sotto::whisper {

void place_tokens(const std::vector<Token*>& tokens, const std::vector<TokenSpan>& spans, const TimeFrame& frame,
                  const SpeechEdges& edges) {
  int last = 0;
  for (size_t i = 0; i < spans.size(); ++i) {
    const int heard = std::clamp(frame.pass_start_ms + spans[i].start_ms - frame.lag_ms, last, frame.audio_ms);
    tokens[i]->start_ms = std::min(edges.next_sound(heard, frame.pass_start_ms + spans[i].end_ms), frame.audio_ms);
    last = tokens[i]->start_ms;
  }
  for (size_t i = 0; i < spans.size(); ++i) {
    const int start = tokens[i]->start_ms;
    const int end = i + 1 < spans.size() ? tokens[i + 1]->start_ms : std::min(frame.pass_start_ms + spans[i].end_ms, frame.audio_ms);
    tokens[i]->end_ms = std::max(start, edges.last_sound(end, start));
  }
}

}  // namespace sotto::whisper
