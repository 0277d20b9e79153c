// Chooses the backend that computes.
#pragma once
#include <memory>
#include <string>

#include "backend.h"

namespace sotto::whisper {

struct MadeBackend {
  std::unique_ptr<Backend> backend;  // null when it failed
  std::string error;
};

/** The fast backend takes the model's weights over: model.weights is empty afterwards. */
MadeBackend make_backend(Model& model, ggml_backend_t device, BackendChoice choice, const BackendOptions& options);

}  // namespace sotto::whisper
