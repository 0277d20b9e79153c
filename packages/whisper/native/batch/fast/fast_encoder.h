// Whisper's encoder on the fast kernels. Each thread keeps its own frames through all layers; they meet only around
// attention, which needs everyone's keys and values.
#pragma once
#include <atomic>
#include <vector>

#include "audio/mel.h"
#include "fast/fast_slots.h"
#include "fast/fast_weights.h"
#include "team.h"

namespace sotto::batch {

class FastEncoder {
 public:
  FastEncoder(const Hparams& hparams, const FastWeights& weights, const FastSlots& slots, Team& team);

  /** Encodes 30 s of `mel` from `first_frame` on into the slot's cross-attention. @returns false when cancelled on the way. */
  bool encode(const Mel& mel, int first_frame, int slot, const std::atomic<bool>& cancelled);

 private:
  struct Own;  // one thread's frames and scratch
  void set_mel(const Mel& mel, int first_frame);
  void convolve(Own& own);
  void attend(const FastSelf& weights, Own& own);
  void mlp(const FastMlp& weights, Own& own);
  void cross(int slot, Own& own);
  kernels::PackedFrames packed() { return {keys_.data(), values_.data(), frames_}; }

  const Hparams& hparams_;
  const FastWeights& weights_;
  const FastSlots& slots_;
  Team& team_;
  const int frames_, state_;
  std::vector<float> mel_;             // [1 + 2 * frames + 1][n_mel]: a zero row before and after
  std::vector<float> convolved_;       // [1 + 2 * frames][state]: a zero row before
  std::vector<float> x_, queries_;     // [frames][state]
  std::atomic<bool> stop_{false};       // what all threads go by, read after they met
  std::vector<float> keys_, values_;       // of all frames, packed
};

}  // namespace sotto::batch
