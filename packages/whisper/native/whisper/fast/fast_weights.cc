#include "fast/fast_weights.h"

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#endif

namespace sotto::whisper {
namespace {

// Nobody reads it again: its pages go back to the system now, or a model would take twice its memory while it is loaded.
void give_back([[maybe_unused]] const ggml_tensor* tensor) {
#if defined(__linux__)
  const uintptr_t page = uintptr_t(sysconf(_SC_PAGESIZE));
  const uintptr_t begin = reinterpret_cast<uintptr_t>(tensor->data), end = begin + ggml_nbytes(tensor);
  const uintptr_t first = (begin + page - 1) / page * page, last = end / page * page;
  if (first < last) madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
#endif
}

FastNorm pack(const LayerNorm& norm) { return {floats_of(norm.w), floats_of(norm.b)}; }

// Matrices with the same input, one below the other. The input has a scale for each `state` of its numbers.
PackedMatrix stack(int state, std::initializer_list<Linear> parts) {
  int rows = 0;
  for (const Linear& part : parts) rows += int(part.w->ne[1]);
  PackedMatrix packed(rows, int(parts.begin()->w->ne[0]), state);
  int first = 0;
  for (const Linear& part : parts) {
    packed.put(first, part.w, part.b);
    give_back(part.w);
    first += int(part.w->ne[1]);
  }
  return packed;
}

// [out][in][3] to rows of [3][in]: three time-major input frames in a row are then one column.
PackedMatrix pack_convolution(const Linear& conv) {
  const int width = int(conv.w->ne[0]), in = int(conv.w->ne[1]), out = int(conv.w->ne[2]);
  const std::vector<float> values = floats_of(conv.w);
  PackedMatrix packed(out, in * width, in);
  std::vector<float> row(size_t(in) * width);
  for (int o = 0; o < out; ++o) {
    for (int c = 0; c < in; ++c)
      for (int k = 0; k < width; ++k) row[size_t(k) * in + c] = values[(size_t(o) * in + c) * width + k];
    packed.put(o, row.data(), 1);
  }
  packed.put_bias(0, conv.b);
  return packed;
}

FastSelf pack_self(int state, const Attention& a) { return {pack(a.norm), stack(state, {a.q, a.k, a.v}), stack(state, {a.out})}; }
FastCross pack_cross(int state, const Attention& a) {
  return {pack(a.norm), stack(state, {a.q}), stack(state, {a.k, a.v}), stack(state, {a.out})};
}
FastMlp pack_mlp(int state, const Mlp& m) { return {pack(m.norm), stack(state, {m.up}), stack(state, {m.down})}; }

size_t bytes_of(const FastSelf& self) { return self.qkv.bytes() + self.out.bytes(); }
size_t bytes_of(const FastCross& cross) { return cross.q.bytes() + cross.kv.bytes() + cross.out.bytes(); }
size_t bytes_of(const FastMlp& mlp) { return mlp.up.bytes() + mlp.down.bytes(); }

}  // namespace

FastWeights pack_weights(Model& model) {
  const Weights& w = model.weights;
  const int state = model.hparams.n_text_state;  // the encoder's too
  FastWeights fast;
  fast.conv1 = pack_convolution(w.conv1);
  fast.conv2 = pack_convolution(w.conv2);
  fast.encoder_positions = floats_of(w.encoder_positions);
  for (const EncoderLayer& layer : w.encoder) fast.encoder.push_back({pack_self(state, layer.self), pack_mlp(state, layer.mlp)});
  fast.encoder_norm = pack(w.encoder_norm);
  fast.embedding = stack(state, {{w.token_embedding, nullptr}});
  fast.decoder_positions = floats_of(w.decoder_positions);
  for (const DecoderLayer& layer : w.decoder)
    fast.decoder.push_back({pack_self(state, layer.self), pack_cross(state, layer.cross), pack_mlp(state, layer.mlp)});
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

}  // namespace sotto::whisper
