#include "node_quantize.h"

#include <string>
#include <vector>

#include "ggml.h"

namespace sotto {

namespace {

struct Kind {
  const char* name;
  ggml_type type;
};
constexpr Kind kKinds[] = {{"q8_0", GGML_TYPE_Q8_0}, {"q5_0", GGML_TYPE_Q5_0}, {"q5_1", GGML_TYPE_Q5_1}};

ggml_type type_named(const std::string& name) {
  for (const Kind& kind : kKinds)
    if (name == kind.name) return kind.type;
  return GGML_TYPE_COUNT;
}

}  // namespace

// Through float32, as whisper.cpp's own quantize program reads a float16 file: the blocks are equal to the last bit.
Napi::Value quantize(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const ggml_type type = type_named(info[0].ToString().Utf8Value());
  if (type == GGML_TYPE_COUNT) throw Napi::RangeError::New(env, "unknown type of quantised weights");
  const auto halves = info[1].As<Napi::Uint16Array>();
  const int64_t row_length = info[2].ToNumber().Int64Value();
  const int64_t count = int64_t(halves.ElementLength());
  if (row_length < 1 || row_length % ggml_blck_size(type) != 0 || count % row_length != 0) {
    throw Napi::RangeError::New(env, "rows do not divide into blocks");
  }
  std::vector<float> values(count);
  ggml_fp16_to_fp32_row(reinterpret_cast<const ggml_fp16_t*>(halves.Data()), values.data(), count);
  const int64_t rows = count / row_length;
  auto blocks = Napi::Buffer<uint8_t>::New(env, rows * ggml_row_size(type, row_length));
  ggml_quantize_chunk(type, values.data(), blocks.Data(), 0, rows, row_length, nullptr);
  return blocks;
}

}  // namespace sotto
