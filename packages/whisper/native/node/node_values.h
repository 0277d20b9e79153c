// Plain structs to and from JavaScript values. Nothing is validated or defaulted here: src/engine/options.ts has done it.
#pragma once

#include <napi.h>

#include "decoding/phrase_trie.h"
#include "load_engine.h"

namespace sotto {

EngineSettings read_settings(const Napi::Object& value);
/** Without the phrases: these are read apart, and their trie is built once. */
WindowOptions read_options(const Napi::Object& value);
std::vector<whisper::Phrase> read_phrases(const Napi::Object& options);

// Float32Array as it is, Int16Array scaled to -1..1. Anything else: empty.
std::vector<float> read_pcm(const Napi::Value& value);

Napi::Object write_info(Napi::Env env, const ModelInfo& info);
Napi::Object write_segment(Napi::Env env, const Segment& segment);
Napi::Object write_stage_times(Napi::Env env, const whisper::StageTimes& times);
Napi::Object write_result(Napi::Env env, const WindowResult& result, double decode_ms);

}  // namespace sotto
