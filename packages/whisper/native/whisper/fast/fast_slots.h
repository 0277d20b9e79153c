// The fast backend's keys and values: cross-attention packed for the kernels, self-attention in floats by cell.
#pragma once
#include <vector>

#include "fast/packed_heads.h"
#include "fast/zeroed.h"
#include "model/hparams.h"

namespace sotto::whisper {

class FastSlots {
 public:
  FastSlots(const Hparams& hp, int slots, int cells)
      : layers_(hp.n_text_layer),
        heads_(hp.n_text_head),
        layer_size_(size_t(cells) * hp.n_text_state),
        cross_(size_t(slots) * layers_ * heads_, hp.n_audio_ctx),
        self_keys_(zeroed<float>(size_t(slots) * layers_ * layer_size_)),
        self_values_(zeroed<float>(size_t(slots) * layers_ * layer_size_)),
        frames_(slots, hp.n_audio_ctx) {}

  /** How many frames of the slot's window are encoded. */
  void set_frames(int slot, int frames) { frames_[slot] = frames; }
  kernels::Frames cross(int slot, int layer, int head) const {
    return cross_.head((size_t(slot) * layers_ + layer) * heads_ + head, frames_[slot]);
  }
  /** Frames of 30 s, rounded up to what the kernels take at a time. */
  size_t padded_frames() const { return cross_.padded_frames(); }
  /** [cell][n_state] of one slot and layer. */
  float* self_keys(int slot, int layer) const { return &self_keys_[(size_t(slot) * layers_ + layer) * layer_size_]; }
  float* self_values(int slot, int layer) const { return &self_values_[(size_t(slot) * layers_ + layer) * layer_size_]; }

 private:
  int layers_, heads_;
  size_t layer_size_;
  PackedHeads cross_;
  Zeroed<float> self_keys_, self_values_;
  std::vector<int> frames_;
};

}  // namespace sotto::whisper
