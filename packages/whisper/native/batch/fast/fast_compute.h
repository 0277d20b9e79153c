// The fast layer: own kernels, products in 16-bit fixed point.
#pragma once
#include <memory>

#include "compute.h"

namespace sotto::batch {

/** Whether this CPU and this model can use it. @returns the reason why not, or "". */
std::string fast_layer_refusal(const Hparams& hparams);

/** Takes the model's weights into panels: what they held is not there afterwards. Only where fast_layer_refusal is "". */
std::unique_ptr<Compute> make_fast_compute(Model& model, const ComputeOptions& options);

}  // namespace sotto::batch
