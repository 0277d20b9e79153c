#include "node_values.h"

#include <cstring>

namespace sotto {

namespace {

double number(const Napi::Object& object, const char* key) { return object.Get(key).ToNumber().DoubleValue(); }
bool flag(const Napi::Object& object, const char* key) { return object.Get(key).ToBoolean().Value(); }
std::string text(const Napi::Object& object, const char* key) { return object.Get(key).ToString().Utf8Value(); }

std::vector<int32_t> integers(const Napi::Object& object, const char* key) {
  const auto array = object.Get(key).As<Napi::Array>();
  std::vector<int32_t> values(array.Length());
  for (uint32_t i = 0; i < array.Length(); ++i) values[i] = array.Get(i).ToNumber().Int32Value();
  return values;
}

std::vector<std::string> texts(const Napi::Object& value, const char* key) {
  const auto array = value.Get(key).As<Napi::Array>();
  std::vector<std::string> values(array.Length());
  for (uint32_t i = 0; i < array.Length(); ++i) values[i] = array.Get(i).ToString().Utf8Value();
  return values;
}

template <typename Array, typename Field>
Array column(Napi::Env env, const std::vector<Token>& tokens, Field field) {
  Array array = Array::New(env, tokens.size());
  for (size_t i = 0; i < tokens.size(); ++i) array[i] = field(tokens[i]);
  return array;
}

}  // namespace

EngineSettings read_settings(const Napi::Object& value) {
  EngineSettings settings;
  settings.path = text(value, "path");
  settings.device = text(value, "device");
  settings.slots = int(number(value, "slots"));
  settings.reserved_slots = int(number(value, "reservedSlots"));
  settings.longest_rest_ms = number(value, "longestRestMs");
  settings.slot_memory = uint64_t(number(value, "slotMemoryBytes"));
  settings.threads = int(number(value, "threads"));
  settings.portable = flag(value, "portable");
  return settings;
}

WindowOptions read_options(const Napi::Object& value) {
  WindowOptions options;
  options.language = text(value, "language");
  options.languages = texts(value, "languages");
  options.translate = flag(value, "translate");
  options.temperature = float(number(value, "temperature"));
  options.temperature_increment = float(number(value, "temperatureIncrement"));
  options.beam_size = int(number(value, "beamSize"));
  options.best_of = int(number(value, "bestOf"));
  options.patience = float(number(value, "patience"));
  options.length_penalty = float(number(value, "lengthPenalty"));
  options.suppress_tokens = integers(value, "suppressTokens");
  options.prompt = text(value, "prompt");
  options.given = text(value, "given");
  options.word_times = flag(value, "wordTimes");
  options.timestamps = flag(value, "timestamps");
  options.tail_ms = int(number(value, "tailMs"));
  options.no_speech_threshold = float(number(value, "noSpeechThreshold"));
  options.logprob_threshold = float(number(value, "logprobThreshold"));
  options.entropy_threshold = float(number(value, "entropyThreshold"));
  return options;
}

std::vector<whisper::Phrase> read_phrases(const Napi::Object& options) {
  const auto array = options.Get("phrases").As<Napi::Array>();
  std::vector<whisper::Phrase> phrases(array.Length());
  for (uint32_t i = 0; i < array.Length(); ++i) {
    const auto phrase = array.Get(i).As<Napi::Object>();
    phrases[i] = {text(phrase, "text"), float(number(phrase, "weight"))};
  }
  return phrases;
}

std::vector<float> read_pcm(const Napi::Value& value) {
  if (!value.IsTypedArray()) return {};
  const auto array = value.As<Napi::TypedArray>();
  if (array.TypedArrayType() == napi_float32_array) {
    const auto samples = value.As<Napi::Float32Array>();
    return {samples.Data(), samples.Data() + samples.ElementLength()};
  }
  if (array.TypedArrayType() != napi_int16_array) return {};
  const auto samples = value.As<Napi::Int16Array>();
  std::vector<float> pcm(samples.ElementLength());
  for (size_t i = 0; i < pcm.size(); ++i) pcm[i] = float(samples.Data()[i]) / 32768.0f;
  return pcm;
}

Napi::Object write_info(Napi::Env env, const ModelInfo& info) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("multilingual", info.multilingual);
  object.Set("vocabularySize", info.vocabulary);
  object.Set("melBins", info.mel_bins);
  object.Set("encoderLayers", info.encoder_layers);
  object.Set("decoderLayers", info.decoder_layers);
  object.Set("width", info.width);
  object.Set("device", info.device);
  object.Set("weightBytes", double(info.weight_bytes));
  object.Set("slots", info.slots);
  object.Set("bytesPerSlot", double(info.bytes_per_slot));
  object.Set("backend", info.backend);
  Napi::Array heads = Napi::Array::New(env, info.alignment.heads.size());
  for (size_t i = 0; i < info.alignment.heads.size(); ++i) {
    Napi::Object head = Napi::Object::New(env);
    head.Set("layer", info.alignment.heads[i].layer);
    head.Set("head", info.alignment.heads[i].head);
    heads[uint32_t(i)] = head;
  }
  object.Set("alignmentHeads", heads);
  return object;
}

// Tokens as columns: one buffer of bytes and offsets into it instead of an object and a string per token.
Napi::Object write_segment(Napi::Env env, const Segment& segment) {
  const std::vector<Token>& tokens = segment.tokens;
  std::string bytes;
  Napi::Uint32Array offsets = Napi::Uint32Array::New(env, tokens.size() + 1);
  for (size_t i = 0; i < tokens.size(); ++i) {
    offsets[i] = uint32_t(bytes.size());
    bytes += tokens[i].bytes;
  }
  offsets[tokens.size()] = uint32_t(bytes.size());

  Napi::Object object = Napi::Object::New(env);
  object.Set("startMs", segment.start_ms);
  object.Set("endMs", segment.end_ms);
  object.Set("avgLogProbability", segment.avg_logprob);
  object.Set("bytes", Napi::Buffer<char>::Copy(env, bytes.data(), bytes.size()));
  object.Set("offsets", offsets);
  object.Set("ids", column<Napi::Int32Array>(env, tokens, [](const Token& t) { return t.id; }));
  object.Set("probabilities", column<Napi::Float32Array>(env, tokens, [](const Token& t) { return t.p; }));
  object.Set("logProbabilities", column<Napi::Float32Array>(env, tokens, [](const Token& t) { return t.plog; }));
  object.Set("startsMs", column<Napi::Int32Array>(env, tokens, [](const Token& t) { return t.start_ms; }));
  object.Set("endsMs", column<Napi::Int32Array>(env, tokens, [](const Token& t) { return t.end_ms; }));
  return object;
}

Napi::Object write_stage_times(Napi::Env env, const whisper::StageTimes& times) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("mel", times.mel_ms);
  object.Set("encode", times.encode_ms);
  object.Set("decode", times.decode_ms);
  object.Set("align", times.align_ms);
  return object;
}

Napi::Object write_result(Napi::Env env, const WindowResult& result, double decode_ms) {
  Napi::Object object = Napi::Object::New(env);
  Napi::Array segments = Napi::Array::New(env, result.segments.size());
  for (size_t i = 0; i < result.segments.size(); ++i) segments[uint32_t(i)] = write_segment(env, result.segments[i]);
  Napi::Object probabilities = Napi::Object::New(env);
  for (const auto& [language, probability] : result.language_probabilities) probabilities.Set(language, probability);
  object.Set("segments", segments);
  object.Set("language", result.language);
  object.Set("languageProbability", result.language_probability);
  object.Set("languageProbabilities", probabilities);
  object.Set("noSpeechProbability", result.no_speech_prob);
  object.Set("temperature", result.temperature);
  object.Set("avgLogProbability", result.avg_logprob);
  object.Set("decodeMs", decode_ms);
  return object;
}

}  // namespace sotto
