// The decoding of one window on one state of whisper.cpp.
#pragma once

#include <string>
#include <vector>

#include "whisper_unit.h"
#include "window.h"

namespace sotto {

struct Alignment {
  std::vector<AlignmentHead> heads;
  int lag_ms = 0;  // by which their attention sets in after the word has begun
};

struct RunContext {
  whisper_context* ctx = nullptr;
  whisper_state* state = nullptr;
  const Alignment* alignment = nullptr;
};

// Transcribes up to 30 s of 16 kHz mono. `message` says what went wrong when the status is `failed`.
Status run_window(const RunContext& run, std::vector<float> pcm, const WindowOptions& options, const WindowHooks& hooks,
                  WindowResult& result, std::string& message);

// Only the language; fills language, language_probability and language_probabilities.
Status run_language_detection(const RunContext& run, std::vector<float> pcm, int threads, const WindowHooks& hooks,
                              WindowResult& result, std::string& message);

}  // namespace sotto
