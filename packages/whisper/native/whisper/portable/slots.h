// Keys and values that outlive a step: cross-attention per slot, self-attention per slot and cell.
#pragma once
#include <vector>

#include "ggml-cpp.h"
#include "model/hparams.h"

namespace sotto::whisper {

struct Slots {
  int count = 0;
  int cells = 0;
  int frames = 0;  // n_audio_ctx, padded: a CPU's product kernels want whole registers
  std::vector<int> encoded;  // per slot: how many frames of its window there are; what is behind them is masked
  // Per decoder layer. Cross: f16. Self: f32 on a CPU (ggml sums f16 values in f16 there), f16 elsewhere.
  std::vector<ggml_tensor*> cross_keys;    // [n_state, frames, slots]
  std::vector<ggml_tensor*> cross_values;  // transposed: [frames, n_state, slots]
  std::vector<ggml_tensor*> self_keys;     // [n_state, cells * slots]
  std::vector<ggml_tensor*> self_values;   // [n_state, cells * slots]

  ggml_context_ptr tensors;
  ggml_backend_buffer_ptr buffer;
};

/** @returns false when there is no memory for them. */
bool make_slots(Slots& slots, const Hparams& hparams, int count, int cells, ggml_type self_type, ggml_backend_buffer_type_t type);

}  // namespace sotto::whisper
