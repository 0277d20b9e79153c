// What a backend (portable, fast) does for the engine: encode windows into slots, run decoder rows against them.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "audio/mel.h"
#include "model/model.h"
#include "team.h"

namespace sotto::whisper {

/** A decoder layer's head whose cross-attention follows the audio. */
struct AlignmentHead {
  int layer;
  int head;
};

/**
 * One token to run. A slot has `cells` places for self-attention keys and values; `history` names the cells this row sees,
 * its own (already counted) last. Rows of a slot are adjacent; a row may see cells that rows before it in the same call fill.
 */
struct Row {
  TokenId token = 0;
  int position = 0;
  int slot = 0;
  int cell = 0;
  const std::vector<int32_t>* cells = nullptr;
  int history = 0;  // this row sees cells[0 .. history)
  bool wants_logits = false;
  bool wants_attention = false;
};

struct RowResults {
  float* logits = nullptr;  // [rows that want them, in order][stride]; the caller's until the next call
  size_t stride = 0;
  std::vector<float> attention;  // [rows that want it, in order][alignment head][n_audio_ctx]
};

/** What is encoded at once: `frames` encoder frames of 20 ms, n_audio_ctx at most, from a frame of the spectrogram (10 ms) on. */
struct Stretch {
  int first_frame = 0;
  int frames = 0;
};

enum class BackendChoice { automatic, portable, fast };

struct BackendOptions {
  int slots = 1;
  int cells_per_slot = 448;
  int threads = 1;
  std::vector<AlignmentHead> alignment_heads;
  Team* team = nullptr;  // so many threads, the caller's among them; outlives the backend
};

class Backend {
 public:
  virtual ~Backend() = default;
  virtual const char* name() const = 0;
  /** Memory of the weights as this backend holds them. */
  virtual size_t weight_bytes() const = 0;
  virtual Mel mel(const float* samples, size_t count) = 0;
  /** Encodes a stretch of `mel` into the slot's cross-attention. @returns false also when cancelled. */
  virtual bool encode(const Mel& mel, const Stretch& stretch, int slot, const std::atomic<bool>& cancelled) = 0;
  virtual bool decode(const std::vector<Row>& rows, RowResults& results) = 0;
};

}  // namespace sotto::whisper
