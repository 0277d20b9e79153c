// Whisper's encoder and the cross-attention keys and values of every decoder layer, in ggml operators.
#pragma once
#include "ggml-cpp.h"
#include "model/model.h"
#include "portable/slots.h"

namespace sotto::whisper {

class EncoderGraph {
 public:
  /**
   * @param on_cpu a GPU's attention wants keys and values in half precision, padded and masked to a multiple of 256; a CPU's wants
   *   floats: it turns halves into floats one by one, for every 64 queries again
   */
  EncoderGraph(const Model& model, bool on_cpu) : model_(model), on_cpu_(on_cpu) {}

  /** Builds the graph that writes so many frames to `slot`; allocation is the caller's. */
  ggml_cgraph* build(const Slots& slots, int slot, int frames);
  ggml_tensor* mel() const { return mel_; }    // [2 * frames, n_mels]
  ggml_tensor* mask() const { return mask_; }  // null on a CPU

 private:
  ggml_tensor* convolutions();
  ggml_tensor* attention(const Attention& layer, ggml_tensor* x);
  ggml_tensor* for_attention(ggml_tensor* keys);

  const Model& model_;
  bool on_cpu_;
  int frames_ = 0;
  ggml_context_ptr context_;
  ggml_tensor* mel_ = nullptr;
  ggml_tensor* mask_ = nullptr;
};

}  // namespace sotto::whisper
