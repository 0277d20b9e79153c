// The fast layer's keys and values: cross-attention in half-precision panels, self-attention in floats by cell.
#pragma once
#include <cstdint>
#include <memory>

#include "fast/kernels/kernels.h"
#include "model/hparams.h"

namespace sotto::batch {

class FastSlots {
 public:
  FastSlots(const Hparams& hparams, int slots, int cells);

  kernels::PackedHalf cross(int slot, int layer, int head) const;
  /** [cell][n_state] of one slot and layer. */
  float* self_keys(int slot, int layer) const { return self_at(self_keys_.get(), slot, layer); }
  float* self_values(int slot, int layer) const { return self_at(self_values_.get(), slot, layer); }

 private:
  float* self_at(float* base, int slot, int layer) const;

  int layers_, heads_, frames_, cells_, state_;
  size_t keys_per_head_, values_per_head_;
  // Pages of slots that nobody has used yet take no memory.
  struct Free {
    void operator()(void* memory) const;
  };
  std::unique_ptr<uint16_t, Free> cross_keys_, cross_values_;
  std::unique_ptr<float, Free> self_keys_, self_values_;
};

}  // namespace sotto::batch
