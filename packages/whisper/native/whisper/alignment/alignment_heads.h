// Which cross-attention heads follow the audio.
#pragma once
#include <vector>

#include "backend.h"

namespace sotto::whisper {

struct AlignmentChoice {
  std::vector<AlignmentHead> heads;
  int lag_ms = 0;  // by which their attention sets in after the word has begun
};

/** OpenAI's lists for the published models, by shape (large-v1 and -v2 share one: v2's); else all heads of the upper half. */
AlignmentChoice choose_alignment(const Hparams& hparams);

}  // namespace sotto::whisper
