#include "portable/slots.h"

namespace sotto::whisper {
namespace {

constexpr int kFrameStep = 32;

}  // namespace

bool make_slots(Slots& slots, const Hparams& hp, int count, int cells, ggml_type self_type, ggml_backend_buffer_type_t type) {
  slots.count = count;
  slots.cells = cells;
  slots.frames = GGML_PAD(hp.n_audio_ctx, kFrameStep);
  slots.encoded.assign(count, hp.n_audio_ctx);
  slots.tensors.reset(ggml_init({(4 * size_t(hp.n_text_layer) + 1) * ggml_tensor_overhead(), nullptr, true}));
  ggml_context* c = slots.tensors.get();
  for (int i = 0; i < hp.n_text_layer; ++i) {
    slots.cross_keys.push_back(ggml_new_tensor_3d(c, GGML_TYPE_F16, hp.n_text_state, slots.frames, count));
    slots.cross_values.push_back(ggml_new_tensor_3d(c, GGML_TYPE_F16, slots.frames, hp.n_text_state, count));
    slots.self_keys.push_back(ggml_new_tensor_2d(c, self_type, hp.n_text_state, int64_t(cells) * count));
    slots.self_values.push_back(ggml_new_tensor_2d(c, self_type, hp.n_text_state, int64_t(cells) * count));
  }
  slots.buffer.reset(ggml_backend_alloc_ctx_tensors_from_buft(c, type));
  if (!slots.buffer) return false;
  // Cells that nobody has filled yet are masked, but a masked NaN is still a NaN.
  ggml_backend_buffer_clear(slots.buffer.get(), 0);
  return true;
}

}  // namespace sotto::whisper
