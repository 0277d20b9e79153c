#include "compute_layer.h"

#include <new>

#include "ggml-cpu.h"
#include "portable/portable_compute.h"
#ifdef SOTTO_FAST_LAYER
#include "fast/fast_compute.h"
#endif

namespace sotto::batch {
namespace {

constexpr const char* kNoMemory = "there is not enough memory for the model and so many rows";

#ifdef SOTTO_FAST_LAYER
std::string refusal(const Hparams& hparams, ggml_backend_t backend) {
  return ggml_backend_is_cpu(backend) ? fast_layer_refusal(hparams) : "the model is on a GPU";
}

MadeCompute make_fast(Model& model, const ComputeOptions& options) {
  auto compute = make_fast_compute(model, options);
  model.weights = {};
  model.buffer.reset();
  model.tensors.reset();
  return {std::move(compute), ""};
}
#else
std::string refusal(const Hparams&, ggml_backend_t) { return "this build has no fast layer"; }
MadeCompute make_fast(Model&, const ComputeOptions&) { return {}; }
#endif

}  // namespace

MadeCompute make_compute(Model& model, ggml_backend_t backend, Layer layer, const ComputeOptions& options) try {
  if (layer != Layer::portable) {
    const std::string why_not = refusal(model.hparams, backend);
    if (layer == Layer::fast && !why_not.empty()) return {nullptr, "no fast layer: " + why_not};
    if (why_not.empty()) return make_fast(model, options);
  }
  auto compute = make_portable_compute(model, backend, options);
  if (!compute) return {nullptr, kNoMemory};
  return {std::move(compute), ""};
} catch (const std::bad_alloc&) {
  return {nullptr, kNoMemory};
}

}  // namespace sotto::batch
