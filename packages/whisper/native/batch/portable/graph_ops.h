// The few compositions of ggml operators that both graphs share.
#pragma once
#include "ggml.h"
#include "model/weights.h"

namespace sotto::batch {

inline ggml_tensor* norm(ggml_context* c, ggml_tensor* x, const LayerNorm& ln) {
  return ggml_add(c, ggml_mul(c, ggml_norm(c, x, kLayerNormEpsilon), ln.w), ln.b);
}

inline ggml_tensor* linear(ggml_context* c, ggml_tensor* x, const Linear& layer) {
  ggml_tensor* y = ggml_mul_mat(c, layer.w, x);
  return layer.b ? ggml_add(c, y, layer.b) : y;
}

inline ggml_tensor* mlp(ggml_context* c, ggml_tensor* x, const Mlp& layer) {
  ggml_tensor* hidden = ggml_gelu(c, linear(c, norm(c, x, layer.norm), layer.up));
  return ggml_add(c, linear(c, hidden, layer.down), x);
}

}  // namespace sotto::batch
