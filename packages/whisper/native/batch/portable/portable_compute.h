// The portable layer: ggml operators only, so it runs on every backend ggml has.
#pragma once
#include <memory>

#include "audio/mel_transform.h"
#include "compute.h"
#include "portable/decoder_graph.h"
#include "portable/encoder_graph.h"
#include "portable/slots.h"

namespace sotto::batch {

/** `backend` is borrowed and used by the calling thread only. @returns null when there is no memory for the slots. */
std::unique_ptr<Compute> make_portable_compute(const Model& model, ggml_backend_t backend, const ComputeOptions& options);

}  // namespace sotto::batch
