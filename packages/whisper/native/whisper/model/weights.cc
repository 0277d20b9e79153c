#include "model/weights.h"

namespace sotto::whisper {
namespace {

class Binder {
 public:
  explicit Binder(const std::map<std::string, ggml_tensor*>& tensors) : tensors_(tensors) {}

  ggml_tensor* tensor(const std::string& name, std::vector<int64_t> shape) {
    const auto at = tensors_.find(name);
    if (at == tensors_.end() || !has_shape(at->second, shape)) {
      if (missing_.empty()) missing_ = name;
      return nullptr;
    }
    return at->second;
  }
  LayerNorm norm(const std::string& name, int64_t n) { return {tensor(name + ".weight", {n}), tensor(name + ".bias", {n})}; }
  Linear linear(const std::string& name, int64_t in, int64_t out, bool bias = true) {
    return {tensor(name + ".weight", {in, out}), bias ? tensor(name + ".bias", {out}) : nullptr};
  }
  Attention attention(const std::string& block, const std::string& name, int64_t n) {
    const std::string at = block + name;
    return {norm(at + "_ln", n), linear(at + ".query", n, n), linear(at + ".key", n, n, false), linear(at + ".value", n, n),
            linear(at + ".out", n, n)};
  }
  Mlp mlp(const std::string& block, int64_t n) {
    return {norm(block + "mlp_ln", n), linear(block + "mlp.0", n, 4 * n), linear(block + "mlp.2", 4 * n, n)};
  }
  const std::string& missing() const { return missing_; }

 private:
  static bool has_shape(const ggml_tensor* t, const std::vector<int64_t>& shape) {
    for (size_t i = 0; i < GGML_MAX_DIMS; ++i)
      if (t->ne[i] != (i < shape.size() ? shape[i] : 1)) return false;
    return true;
  }
  const std::map<std::string, ggml_tensor*>& tensors_;
  std::string missing_;
};

}  // namespace

std::string bind_weights(Weights& w, const Hparams& hp, const std::map<std::string, ggml_tensor*>& tensors) {
  Binder bind(tensors);
  const int64_t n = hp.n_audio_state;
  w.conv1 = {bind.tensor("encoder.conv1.weight", {3, hp.n_mels, n}), bind.tensor("encoder.conv1.bias", {1, n})};
  w.conv2 = {bind.tensor("encoder.conv2.weight", {3, n, n}), bind.tensor("encoder.conv2.bias", {1, n})};
  w.encoder_positions = bind.tensor("encoder.positional_embedding", {n, hp.n_audio_ctx});
  w.encoder_norm = bind.norm("encoder.ln_post", n);
  for (int i = 0; i < hp.n_audio_layer; ++i) {
    const std::string block = "encoder.blocks." + std::to_string(i) + ".";
    w.encoder.push_back({bind.attention(block, "attn", n), bind.mlp(block, n)});
  }
  w.token_embedding = bind.tensor("decoder.token_embedding.weight", {n, hp.n_vocab});
  w.decoder_positions = bind.tensor("decoder.positional_embedding", {n, hp.n_text_ctx});
  w.decoder_norm = bind.norm("decoder.ln", n);
  for (int i = 0; i < hp.n_text_layer; ++i) {
    const std::string block = "decoder.blocks." + std::to_string(i) + ".";
    w.decoder.push_back({bind.attention(block, "attn", n), bind.attention(block, "cross_attn", n), bind.mlp(block, n)});
  }
  return bind.missing();
}

}  // namespace sotto::whisper
