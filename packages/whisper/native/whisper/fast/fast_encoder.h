// Whisper's encoder on the fast kernels. Each thread keeps its own frames through all layers; they meet only around
// attention, which needs everyone's keys and values.
#pragma once
#include <atomic>
#include <vector>

#include "audio/mel.h"
#include "backend.h"
#include "fast/fast_slots.h"
#include "fast/fast_weights.h"
#include "fast/fixed_rows.h"
#include "fast/packed_heads.h"
#include "team.h"

namespace sotto::whisper {

class FastEncoder {
 public:
  FastEncoder(const Hparams& hparams, const FastWeights& weights, const FastSlots& slots, Team& team);

  ~FastEncoder();

  /** Encodes a stretch of `mel` into the slot's cross-attention. @returns false when cancelled on the way. */
  bool encode(const Mel& mel, const Stretch& stretch, int slot, const std::atomic<bool>& cancelled);

 private:
  struct Own;  // one thread's frames and scratch, made before the threads run
  void set_mel(const Mel& mel, const Stretch& stretch);
  void share_frames();
  void convolve(Own& own);
  void attend(const FastSelf& weights, Own& own);
  void mlp(const FastMlp& weights, Own& own);
  void cross(int slot, Own& own);
  void normalise(const FastNorm& norm, int first, int count, Own& own) const;
  void multiply(const PackedMatrix& matrix, const kernels::Product& product) const;
  /** Adds matrix * rows to frames from `first` on. */
  void add(const PackedMatrix& matrix, const FixedRows& rows, int first, int count);

  const Hparams& hparams_;
  const FastWeights& weights_;
  const FastSlots& slots_;
  Team& team_;
  const int state_;
  int frames_;  // of the stretch
  const kernels::InstructionSet& set_ = kernels::instruction_set();
  // Of the longest stretch there can be.
  FixedRows mel_;            // [1 + 2 * frames + 1][n_mel]: a zero row before and after
  FixedRows convolved_;      // [1 + 2 * frames][state]: a zero row before
  std::vector<float> x_;     // [frames][state]
  FixedRows queries_;        // [frames][heads][64]
  PackedHeads heads_;        // keys and values of all frames
  std::vector<Own> own_;     // per thread
  std::atomic<bool> stop_{false};  // what all threads go by, read after they met
};

}  // namespace sotto::whisper
