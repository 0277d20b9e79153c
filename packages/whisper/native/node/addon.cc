// Export table. Everything else has a file of its own.
#include <napi.h>

#include "load_engine.h"
#include "log_sink.h"
#include "node_model.h"
#include "node_quantize.h"
#include "node_speakers.h"
#include "node_speech.h"

namespace {

Napi::Object exports_of(Napi::Env env, Napi::Object exports) {
  sotto::install_log_routing();
  exports.Set("Model", sotto::NodeModel::define(env));
  exports.Set("SpeechNetwork", sotto::NodeSpeechNetwork::define(env));
  exports.Set("SpeechListener", sotto::NodeSpeechListener::define(env));
  exports.Set("SpeakerNetworks", sotto::NodeSpeakerNetworks::define(env));
  exports.Set("quantize", Napi::Function::New(env, sotto::quantize, "quantize"));
  exports.Set("version", Napi::String::New(env, WHISPER_VERSION));
  exports.Set("systemInfo", Napi::String::New(env, sotto::system_info()));
  return exports;
}

}  // namespace

NODE_API_MODULE(sotto_whisper, exports_of)
