// Times of a pass's tokens: where the alignment hears them, moved out of pauses.
#pragma once
#include <vector>

#include "alignment/align_tokens.h"
#include "alignment/speech_edges.h"
#include "window.h"

namespace sotto::whisper {

struct TimeFrame {
  int pass_start_ms = 0;
  int audio_ms = 0;
  int lag_ms = 0;  // by which the model's attention sets in after the word has begun
};

/** Ascending, inside the audio, not in a pause. Without spans the tokens keep no times. */
void place_tokens(const std::vector<Token*>& tokens, const std::vector<TokenSpan>& spans, const TimeFrame& frame, const SpeechEdges& edges);

}  // namespace sotto::whisper
