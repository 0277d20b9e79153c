// The few compositions of ggml operators that both graphs share.
#pragma once
#include "ggml.h"
#include "model/weights.h"

namespace sotto::whisper {

inline ggml_tensor* norm(ggml_context* c, ggml_tensor* x, const LayerNorm& ln) {
  return ggml_add(c, ggml_mul(c, ggml_norm(c, x, kLayerNormEpsilon), ln.w), ln.b);
}

// On a CPU ggml has one kernel for a single column and another for several, and they add up in different orders: a window would
// not say exactly the same alone as in company. A single column goes as two; the weights are read once for both.
inline ggml_tensor* product(ggml_context* c, ggml_tensor* w, ggml_tensor* x) {
  if (x->ne[1] > 1) return ggml_mul_mat(c, w, x);
  ggml_tensor* y = ggml_mul_mat(c, w, ggml_concat(c, x, x, 1));
  return ggml_view_2d(c, y, y->ne[0], 1, y->nb[1], 0);
}

inline ggml_tensor* linear(ggml_context* c, ggml_tensor* x, const Linear& layer) {
  ggml_tensor* y = product(c, layer.w, x);
  return layer.b ? ggml_add(c, y, layer.b) : y;
}

inline ggml_tensor* mlp(ggml_context* c, ggml_tensor* x, const Mlp& layer) {
  ggml_tensor* hidden = ggml_gelu(c, linear(c, norm(c, x, layer.norm), layer.up));
  return ggml_add(c, linear(c, hidden, layer.down), x);
}

}  // namespace sotto::whisper
