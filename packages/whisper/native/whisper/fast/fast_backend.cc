#include "fast/fast_backend.h"

#include "fast/fast_decoder.h"
#include "fast/fast_encoder.h"
#include "fast/fast_mel.h"

namespace sotto::whisper {
namespace {

class FastBackend final : public Backend {
 public:
  FastBackend(Model& model, const BackendOptions& options)
      : hparams_(model.hparams),
        options_(options),
        team_(*options.team),
        mel_(model.filters),
        weights_(pack_weights(model)),
        slots_(hparams_, options.slots, options.cells_per_slot),
        encoder_(hparams_, weights_, slots_, team_),
        decoder_(hparams_, weights_, slots_, options_.alignment_heads, team_) {}

  const char* name() const override { return "fast"; }
  size_t weight_bytes() const override { return bytes_of(weights_); }
  Mel mel(const float* samples, size_t count) override { return mel_.compute(samples, count, team_); }
  bool encode(const Mel& mel, const Stretch& stretch, int slot, const std::atomic<bool>& cancelled) override {
    slots_.set_frames(slot, stretch.frames);
    return encoder_.encode(mel, stretch, slot, cancelled);
  }
  bool decode(const std::vector<Row>& rows, RowResults& results) override {
    decoder_.decode(rows, results);
    return true;
  }

 private:
  const Hparams hparams_;
  const BackendOptions options_;
  Team& team_;
  FastMel mel_;
  FastWeights weights_;
  FastSlots slots_;
  FastEncoder encoder_;
  FastDecoder decoder_;
};

bool cpu_is_fit() {
#if defined(__x86_64__) && defined(__GNUC__)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return false;
#endif
}

}  // namespace

std::string fast_backend_refusal(const Hparams& hp) {
  if (!cpu_is_fit()) return "this CPU lacks AVX2 or FMA";
  if (hp.n_audio_state != hp.n_audio_head * kernels::kHead || hp.n_text_state != hp.n_text_head * kernels::kHead)
    return "the model's attention heads are not 64 wide";
  if (hp.n_mels % 16 != 0) return "the model's mel bins do not fill whole panels";
  return "";
}

std::unique_ptr<Backend> make_fast_backend(Model& model, const BackendOptions& options) {
  return std::make_unique<FastBackend>(model, options);
}

}  // namespace sotto::whisper
