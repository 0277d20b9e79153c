// The fast backend: own kernels, products in 16-bit fixed point.
#pragma once
#include <memory>

#include "backend.h"

namespace sotto::whisper {

/** Whether this CPU and this model can use it. @returns the reason why not, or "". */
std::string fast_backend_refusal(const Hparams& hparams);

/** Takes the model's weights into panels: what they held is not there afterwards. Only where fast_backend_refusal is "". */
std::unique_ptr<Backend> make_fast_backend(Model& model, const BackendOptions& options);

}  // namespace sotto::whisper
