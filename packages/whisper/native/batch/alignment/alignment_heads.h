// Which cross-attention heads follow the audio.
#pragma once
#include <vector>

#include "compute.h"

namespace sotto::batch {

/** OpenAI's lists for the published models, by shape (large-v1 and -v2 share one: v2's); else all heads of the upper half. */
std::vector<AlignmentHead> alignment_heads(const Hparams& hparams);

}  // namespace sotto::batch
