// Chooses the layer that computes.
#pragma once
#include <memory>
#include <string>

#include "batch_engine.h"

namespace sotto::batch {

struct MadeCompute {
  std::unique_ptr<Compute> compute;
  std::string error;
};

MadeCompute make_compute(Model& model, ggml_backend_t backend, Layer layer, const ComputeOptions& options);

}  // namespace sotto::batch
