#include "make_backend.h"

#include <new>

#include "ggml-cpu.h"
#include "portable/portable_backend.h"
#ifdef SOTTO_FAST_BACKEND
#include "fast/fast_backend.h"
#endif

namespace sotto::whisper {
namespace {

constexpr const char* kNoMemory = "there is not enough memory for the model and so many slots";

#ifdef SOTTO_FAST_BACKEND
std::string refusal(const Hparams& hparams, ggml_backend_t device) {
  return ggml_backend_is_cpu(device) ? fast_backend_refusal(hparams) : "the model is on a GPU";
}

MadeBackend make_fast(Model& model, const BackendOptions& options) {
  auto backend = make_fast_backend(model, options);
  model.weights = {};
  model.buffer.reset();
  model.tensors.reset();
  return {std::move(backend), ""};
}
#else
std::string refusal(const Hparams&, ggml_backend_t) { return "this build has no fast backend"; }
MadeBackend make_fast(Model&, const BackendOptions&) { return {}; }
#endif

}  // namespace

MadeBackend make_backend(Model& model, ggml_backend_t device, BackendChoice choice, const BackendOptions& options) try {
  if (choice != BackendChoice::portable) {
    const std::string why_not = refusal(model.hparams, device);
    if (choice == BackendChoice::fast && !why_not.empty()) return {nullptr, "no fast backend: " + why_not};
    if (why_not.empty()) return make_fast(model, options);
  }
  auto backend = make_portable_backend(model, device, options);
  if (!backend) return {nullptr, kNoMemory};
  return {std::move(backend), ""};
} catch (const std::bad_alloc&) {
  return {nullptr, kNoMemory};
}

}  // namespace sotto::whisper
