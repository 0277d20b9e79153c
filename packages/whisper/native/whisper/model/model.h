// One Whisper model in memory: numbers, vocabulary, mel filters, weights. Shared, read-only, by every window.
#pragma once
#include <memory>
#include <string>

#include "ggml-cpp.h"
#include "model/hparams.h"
#include "model/mel_filters.h"
#include "model/vocabulary.h"
#include "model/weights.h"

namespace sotto::whisper {

struct Model {
  Hparams hparams;
  MelFilters filters;
  Vocabulary vocabulary;
  Weights weights;

  ggml_context_ptr tensors;
  ggml_backend_buffer_ptr buffer;
};

struct LoadedModel {
  std::unique_ptr<Model> model;  // null when it failed
  std::string error;
};

/**
 * Reads a ggml Whisper file (f32, f16 or quantised) into buffers of `type`.
 * Every count, shape and length in the file is checked; a truncated file is refused.
 * Format: whisper.cpp models/convert-pt-to-ggml.py.
 */
LoadedModel load_model(const std::string& path, ggml_backend_buffer_type_t type);

}  // namespace sotto::whisper
