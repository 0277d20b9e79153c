// The portable backend: ggml operators only, so it runs on every device ggml knows.
#pragma once
#include <memory>

#include "audio/mel_transform.h"
#include "backend.h"
#include "portable/decoder_graph.h"
#include "portable/encoder_graph.h"
#include "portable/slots.h"

namespace sotto::whisper {

/** `device` is borrowed and used by the calling thread only. @returns null when there is no memory for the slots. */
std::unique_ptr<Backend> make_portable_backend(const Model& model, ggml_backend_t device, const BackendOptions& options);

}  // namespace sotto::whisper
