// From whisper.cpp's segments to ours, and the times of their tokens.
#pragma once

#include <string>
#include <vector>

#include "speech_edges.h"
#include "whisper_unit.h"
#include "window.h"
#include "window_run.h"

namespace sotto {

// Segment `index` of the state with its text tokens as bytes; times clamped to the audio.
Segment take_segment(whisper_context* ctx, whisper_state* state, int index, int audio_ms);

// Aligns all tokens of `segments`, which are what the encoder pass now in the state's caches has given.
void set_token_times(const RunContext& run, std::vector<Segment>& segments, const std::string& language, const SpeechEdges& edges,
                     int audio_ms, int threads, ggml_abort_callback abort, void* abort_data);

}  // namespace sotto
