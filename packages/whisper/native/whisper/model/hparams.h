// The eleven numbers that open a ggml Whisper file.
#pragma once
#include <cstdint>

namespace sotto::whisper {

struct Hparams {
  int32_t n_vocab = 0;
  int32_t n_audio_ctx = 0;  // encoder frames of a 30 s window: 1500
  int32_t n_audio_state = 0;
  int32_t n_audio_head = 0;
  int32_t n_audio_layer = 0;
  int32_t n_text_ctx = 0;  // decoder positions: 448
  int32_t n_text_state = 0;
  int32_t n_text_head = 0;
  int32_t n_text_layer = 0;
  int32_t n_mels = 0;  // 80, large-v3: 128
  int32_t ftype = 0;

  int head_size() const { return n_text_state / n_text_head; }
};

constexpr float kLayerNormEpsilon = 1e-5f;

}  // namespace sotto::whisper
