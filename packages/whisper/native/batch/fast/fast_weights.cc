#include "fast/fast_weights.h"

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#endif

namespace sotto::batch {
namespace {

// Nobody reads it again: its pages go back to the system now, or a model would take twice its memory while it is loaded.
void give_back(const ggml_tensor* tensor) {
#if defined(__linux__)
  const uintptr_t page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  const uintptr_t begin = reinterpret_cast<uintptr_t>(tensor->data), end = begin + ggml_nbytes(tensor);
  const uintptr_t first = (begin + page - 1) / page * page, last = end / page * page;
  if (first < last) madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
#else
  (void)tensor;
#endif
}

FastNorm pack(const LayerNorm& norm) { return {floats_of(norm.w), floats_of(norm.b)}; }

// Matrices with the same input, one below the other.
PackedMatrix stack(std::initializer_list<Linear> parts) {
  int rows = 0;
  for (const Linear& part : parts) rows += static_cast<int>(part.w->ne[1]);
  PackedMatrix packed(rows, static_cast<int>(parts.begin()->w->ne[0]));
  int first = 0;
  for (const Linear& part : parts) {
    packed.put(first, part.w, part.b);
    give_back(part.w);
    first += static_cast<int>(part.w->ne[1]);
  }
  return packed;
}

// [out][in][3] to rows of [3][in]: three time-major input frames in a row are then one column.
PackedMatrix pack_convolution(const Linear& conv) {
  const int width = static_cast<int>(conv.w->ne[0]), in = static_cast<int>(conv.w->ne[1]), out = static_cast<int>(conv.w->ne[2]);
  const std::vector<float> values = floats_of(conv.w);
  PackedMatrix packed(out, in * width);
  std::vector<float> row(size_t(in) * width);
  for (int o = 0; o < out; ++o) {
    for (int c = 0; c < in; ++c)
      for (int k = 0; k < width; ++k) row[size_t(k) * in + c] = values[(size_t(o) * in + c) * width + k];
    packed.put(o, row.data(), 1);
  }
  packed.put_bias(0, conv.b);
  return packed;
}

FastSelf pack_self(const Attention& a) { return {pack(a.norm), stack({a.q, a.k, a.v}), stack({a.out})}; }
FastCross pack_cross(const Attention& a) { return {pack(a.norm), stack({a.q}), stack({a.k, a.v}), stack({a.out})}; }
FastMlp pack_mlp(const Mlp& m) { return {pack(m.norm), stack({m.up}), stack({m.down})}; }

size_t bytes_of(const FastSelf& self) { return self.qkv.bytes() + self.out.bytes(); }
size_t bytes_of(const FastCross& cross) { return cross.q.bytes() + cross.kv.bytes() + cross.out.bytes(); }
size_t bytes_of(const FastMlp& mlp) { return mlp.up.bytes() + mlp.down.bytes(); }

}  // namespace

FastWeights pack_weights(Model& model) {
  const Weights& w = model.weights;
  FastWeights fast;
  fast.conv1 = pack_convolution(w.conv1);
  fast.conv2 = pack_convolution(w.conv2);
  fast.encoder_positions = floats_of(w.encoder_positions);
  for (const EncoderLayer& layer : w.encoder) fast.encoder.push_back({pack_self(layer.self), pack_mlp(layer.mlp)});
  fast.encoder_norm = pack(w.encoder_norm);
  fast.embedding = stack({{w.token_embedding, nullptr}});
  fast.decoder_positions = floats_of(w.decoder_positions);
  for (const DecoderLayer& layer : w.decoder)
    fast.decoder.push_back({pack_self(layer.self), pack_cross(layer.cross), pack_mlp(layer.mlp)});
  fast.decoder_norm = pack(w.decoder_norm);
  return fast;
}

size_t bytes_of(const FastWeights& w) {
  size_t bytes = w.conv1.bytes() + w.conv2.bytes() + w.embedding.bytes();
  bytes += (w.encoder_positions.size() + w.decoder_positions.size()) * sizeof(float);
  for (const FastEncoderLayer& layer : w.encoder) bytes += bytes_of(layer.self) + bytes_of(layer.mlp);
  for (const FastDecoderLayer& layer : w.decoder) bytes += bytes_of(layer.self) + bytes_of(layer.cross) + bytes_of(layer.mlp);
  return bytes;
}

}  // namespace sotto::batch
