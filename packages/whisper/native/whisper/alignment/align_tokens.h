// Word times by aligning text tokens with the cross-attention of the decoder: dynamic time warping over the heads that are
// known to follow the audio (openai/whisper whisper/timing.py, find_alignment). No whisper.cpp types: data in, data out.
#pragma once

#include <vector>

namespace sotto {

constexpr int kFrameMs = 20;  // one encoder frame

struct AttentionMap {
  int heads = 0, tokens = 0, frames = 0;
  std::vector<float> weights;  // [head][token][frame]
};

struct TokenSpan {
  int start_ms = 0;  // from the first frame of the map: where the token's attention sets in
  int end_ms = 0;    // where the path goes on to the next token
};

// Rows of `map`: the tokens before the text (start of transcript, language, no-timestamps), the text, end of text.
// A token is heard while the row BEFORE it is current, since that row predicts it. Gives one span per text token,
// ascending; empty when there is too little to align.
std::vector<TokenSpan> align_tokens(const AttentionMap& map, int rows_before_text);

}  // namespace sotto
