// The speech network for JavaScript: `new SpeechNetwork(tensors, anyProcessor)` and `new SpeechListener(network)`.
#pragma once

#include <napi.h>

#include <memory>

#include "silero/listener.h"

namespace sotto {

class NodeSpeechNetwork : public Napi::ObjectWrap<NodeSpeechNetwork> {
 public:
  static Napi::Function define(Napi::Env env);
  // (tensors: name -> Float32Array, anyProcessor: boolean). Throws a RangeError for one of another size.
  explicit NodeSpeechNetwork(const Napi::CallbackInfo& info);
  const std::shared_ptr<silero::Network>& network() const { return network_; }

 private:
  std::shared_ptr<silero::Network> network_;
};

class NodeSpeechListener : public Napi::ObjectWrap<NodeSpeechListener> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit NodeSpeechListener(const Napi::CallbackInfo& info);  // (network)

 private:
  Napi::Value accept(const Napi::CallbackInfo& info);  // (pcm: Int16Array) -> Float32Array
  Napi::Value finish(const Napi::CallbackInfo& info);  // () -> Float32Array

  std::unique_ptr<silero::Listener> listener_;
};

}  // namespace sotto
