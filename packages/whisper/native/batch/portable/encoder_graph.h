// Whisper's encoder and the cross-attention keys and values of every decoder layer, in ggml operators.
#pragma once
#include "ggml-cpp.h"
#include "model/model.h"
#include "portable/slots.h"

namespace sotto::batch {

class EncoderGraph {
 public:
  /** `pad_keys`: keys padded and masked to a multiple of 256, which GPU attention kernels want. */
  EncoderGraph(const Model& model, bool pad_keys) : model_(model), pad_keys_(pad_keys) {}

  /** Builds the graph that writes to `slot`; allocation is the caller's. */
  ggml_cgraph* build(const Slots& slots, int slot);
  ggml_tensor* mel() const { return mel_; }    // [2 * n_audio_ctx, n_mels]
  ggml_tensor* mask() const { return mask_; }  // null without padding

 private:
  ggml_tensor* convolutions();
  ggml_tensor* attention(const Attention& layer, ggml_tensor* x);
  ggml_tensor* pad_frames(ggml_tensor* x);

  const Model& model_;
  bool pad_keys_;
  ggml_context_ptr context_;
  ggml_tensor* mel_ = nullptr;
  ggml_tensor* mask_ = nullptr;
};

}  // namespace sotto::batch
