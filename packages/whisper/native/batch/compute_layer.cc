#include "compute_layer.h"

#include "portable/portable_compute.h"

namespace sotto::batch {

MadeCompute make_compute(Model& model, ggml_backend_t backend, Layer layer, const ComputeOptions& options) {
  if (layer == Layer::fast) return {nullptr, "this build has no fast layer"};
  auto compute = make_portable_compute(model, backend, options);
  if (!compute) return {nullptr, "not enough memory for so many rows"};
  return {std::move(compute), ""};
}

}  // namespace sotto::batch
