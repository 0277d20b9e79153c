// What a row of the batch takes: its keys and values, and what a window needs while it is under way.
#pragma once
#include <cstddef>

#include "model/hparams.h"

namespace sotto::batch {

/** Self-attention cells of a slot: a prompt, and one line of tokens for each beam or draw. */
int cells_per_slot(const Hparams& hparams, int width);

/** Bytes of one row when it is used to the full: beams of `width`, word times by `alignment_heads` heads. */
size_t row_bytes(const Hparams& hparams, int width, size_t alignment_heads);

/** @param memory bytes for all rows, 0: no limit. @returns 1..rows */
int rows_that_fit(int rows, size_t memory, size_t row);

}  // namespace sotto::batch
