// What we add to whisper.cpp with access to its internals (whisper_unit.cpp).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "ggml.h"
#include "whisper.h"

namespace sotto {

struct AlignmentHead {
  int layer = 0;
  int head = 0;
};

// Runs `ids` through the decoder once and gives the cross-attention of `heads` over the first `frames` encoder frames (20 ms
// each), softmax taken over these frames: out[head][token][frame]. Uses what the state has encoded last; leaves its
// self-attention cache alone. Flash attention may be on: only the asked-for heads are computed without it.
bool cross_attention(whisper_context* ctx, whisper_state* state, const std::vector<int32_t>& ids, int frames,
                     const std::vector<AlignmentHead>& heads, int threads, ggml_abort_callback abort, void* abort_data,
                     std::vector<float>& out);

// Makes the self-attention cache large enough for so many decoders now: whisper.cpp does it in the middle of a job, and
// frees the state when memory is out. False: out of memory, the state must not be used.
bool grow_decoders(whisper_context* ctx, whisper_state* state, int decoders);

// Probabilities of the model's languages from the first 30 s of the state's mel spectrogram, most probable first.
// False: aborted or failed. Multilingual models only.
bool detect_language(whisper_context* ctx, whisper_state* state, int threads, ggml_abort_callback abort, void* abort_data,
                     std::vector<std::pair<std::string, float>>& probabilities);

// Whether the model has a token for this code ("en" alone for English-only models).
bool has_language(const whisper_context* ctx, const std::string& code);

// Where in the mel spectrogram (10 ms frames) the window begins that the state has encoded; -1: none.
int encoded_offset(const whisper_state* state);

// Of the pass the state has decoded last.
float no_speech_probability(const whisper_state* state);

// Alignment heads OpenAI published for the model of this shape; empty when there are none. large-v1 and -v2 have one shape:
// v2 is assumed.
std::vector<AlignmentHead> preset_heads(const whisper_context* ctx);

}  // namespace sotto
