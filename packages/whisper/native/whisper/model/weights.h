// Whisper's tensors by their place in the network, in one backend buffer. Read-only after loading.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ggml-backend.h"
#include "ggml.h"
#include "model/hparams.h"

namespace sotto::whisper {

struct LayerNorm {
  ggml_tensor* w = nullptr;
  ggml_tensor* b = nullptr;
};

struct Linear {
  ggml_tensor* w = nullptr;
  ggml_tensor* b = nullptr;  // null where Whisper has none (keys)
};

struct Attention {
  LayerNorm norm;
  Linear q, k, v, out;
};

struct Mlp {
  LayerNorm norm;
  Linear up, down;
};

struct EncoderLayer {
  Attention self;
  Mlp mlp;
};

struct DecoderLayer {
  Attention self;
  Attention cross;
  Mlp mlp;
};

struct Weights {
  Linear conv1, conv2;
  ggml_tensor* encoder_positions = nullptr;
  std::vector<EncoderLayer> encoder;
  LayerNorm encoder_norm;

  ggml_tensor* token_embedding = nullptr;
  ggml_tensor* decoder_positions = nullptr;
  std::vector<DecoderLayer> decoder;
  LayerNorm decoder_norm;
};

/** Points `weights` at the tensors by OpenAI's state-dict names. @returns the first missing name, or "". */
std::string bind_weights(Weights& weights, const Hparams& hparams, const std::map<std::string, ggml_tensor*>& tensors);

}  // namespace sotto::whisper
