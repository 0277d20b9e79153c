// What a slot takes: its keys and values, and what a window needs while it is being decoded.
#pragma once
#include <cstddef>

#include "model/hparams.h"

namespace sotto::whisper {

/** Self-attention cells of a slot: a prompt, and one hypothesis for each beam or draw. */
int cells_per_slot(const Hparams& hparams, int width);

/** Bytes of one slot when it is used to the full: beams of `width`, word times by `alignment_heads` heads. */
size_t slot_bytes(const Hparams& hparams, int width, size_t alignment_heads);

/** @param memory bytes for all slots, 0: no limit. @returns 1..slots */
int slots_that_fit(int slots, size_t memory, size_t bytes_per_slot);

}  // namespace sotto::whisper
