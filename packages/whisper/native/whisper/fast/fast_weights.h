// Whisper's weights as the fast backend holds them: matrices in panels, what is added or scaled by in floats.
#pragma once
#include <vector>

#include "fast/packed_matrix.h"
#include "model/model.h"

namespace sotto::whisper {

struct FastNorm {
  std::vector<float> weight, bias;
};

struct FastMlp {
  FastNorm norm;
  PackedMatrix up, down;
};

struct FastSelf {
  FastNorm norm;
  PackedMatrix qkv, out;
};

struct FastCross {
  FastNorm norm;
  PackedMatrix q, kv, out;
};

struct FastEncoderLayer {
  FastSelf self;
  FastMlp mlp;
};

struct FastDecoderLayer {
  FastSelf self;
  FastCross cross;
  FastMlp mlp;
};

struct FastWeights {
  PackedMatrix conv1, conv2;  // k = 3 * channels: products over overlapping time-major rows
  std::vector<float> encoder_positions;
  std::vector<FastEncoderLayer> encoder;
  FastNorm encoder_norm;
  PackedMatrix embedding;
  std::vector<float> decoder_positions;
  std::vector<FastDecoderLayer> decoder;
  FastNorm decoder_norm;
};

/** Takes the model's weights: what they held is not there afterwards. */
FastWeights pack_weights(Model& model);

size_t bytes_of(const FastWeights& weights);

}  // namespace sotto::whisper
