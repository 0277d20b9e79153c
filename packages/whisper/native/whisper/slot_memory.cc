#include "slot_memory.h"

#include <algorithm>

#include "alignment/forced_pass.h"
#include "window.h"

namespace sotto::whisper {

int cells_per_slot(const Hparams& hp, int width) { return hp.n_text_ctx + (width - 1) * (hp.n_text_ctx / 2); }

size_t slot_bytes(const Hparams& hp, int width, size_t alignment_heads) {
  const size_t layer = size_t(hp.n_text_layer) * hp.n_text_state;
  // 16 bits a number, and a scale for each head and frame of keys and of values.
  const size_t cross =
      2 * layer * hp.n_audio_ctx * sizeof(int16_t) + 2 * size_t(hp.n_text_layer) * hp.n_text_head * hp.n_audio_ctx * sizeof(float);
  const size_t self = 2 * layer * cells_per_slot(hp, width) * sizeof(float);
  const size_t logits = std::max<size_t>(width, ForcedPass::kRowsPerStep) * hp.n_vocab * sizeof(float);
  // The attention of a pass's tokens, once as it comes and once as the map to align; a pass has half the positions for its text.
  const size_t attention = 2 * alignment_heads * (hp.n_text_ctx / 2) * hp.n_audio_ctx * sizeof(float);
  const size_t sound = kMaxWindowSamples * sizeof(float) + size_t(2 * hp.n_audio_ctx) * hp.n_mels * sizeof(float);
  return cross + self + logits + attention + sound;
}

int slots_that_fit(int slots, size_t memory, size_t bytes_per_slot) {
  if (memory == 0) return slots;
  return int(std::clamp<size_t>(memory / bytes_per_slot, 1, slots));
}

}  // namespace sotto::whisper
