// Chooses the layer that computes.
#pragma once
#include <memory>
#include <string>

#include "batch_engine.h"

namespace sotto::batch {

struct MadeCompute {
  std::unique_ptr<Compute> compute;  // null when it failed
  std::string error;
};

/** The fast layer takes the model's weights over: model.weights is empty afterwards. */
MadeCompute make_compute(Model& model, ggml_backend_t backend, Layer layer, const ComputeOptions& options);

}  // namespace sotto::batch
