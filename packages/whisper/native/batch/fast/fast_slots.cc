#include "fast/fast_slots.h"

#include <cstdlib>
#include <new>

namespace sotto::batch {
namespace {

template <typename T>
T* zeroed(size_t count) {
  void* memory = std::calloc(count, sizeof(T));
  if (!memory) throw std::bad_alloc();
  return static_cast<T*>(memory);
}

}  // namespace

void FastSlots::Free::operator()(void* memory) const { std::free(memory); }

FastSlots::FastSlots(const Hparams& hp, int slots, int cells)
    : layers_(hp.n_text_layer),
      heads_(hp.n_text_head),
      frames_(hp.n_audio_ctx),
      cells_(cells),
      state_(hp.n_text_state),
      keys_per_head_(size_t(frames_ + 15) / 16 * 16 * kernels::kHead),
      values_per_head_(size_t(frames_) * kernels::kHead) {
  const size_t heads = size_t(slots) * layers_ * heads_, cells_total = size_t(slots) * layers_ * cells_ * state_;
  cross_keys_.reset(zeroed<uint16_t>(heads * keys_per_head_));
  cross_values_.reset(zeroed<uint16_t>(heads * values_per_head_));
  self_keys_.reset(zeroed<float>(cells_total));
  self_values_.reset(zeroed<float>(cells_total));
}

kernels::PackedHalf FastSlots::cross(int slot, int layer, int head) const {
  const size_t at = (size_t(slot) * layers_ + layer) * heads_ + head;
  return {cross_keys_.get() + at * keys_per_head_, cross_values_.get() + at * values_per_head_, frames_};
}

float* FastSlots::self_at(float* base, int slot, int layer) const {
  return base + (size_t(slot) * layers_ + layer) * cells_ * state_;
}

}  // namespace sotto::batch
