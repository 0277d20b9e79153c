#include "node_speech.h"

#include <string>

namespace sotto {

namespace {

using namespace silero;

std::vector<float> tensor(const Napi::Object& tensors, const std::string& name, size_t length) {
  const Napi::Value value = tensors.Get(name);
  if (value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == napi_float32_array) {
    const auto array = value.As<Napi::Float32Array>();
    if (array.ElementLength() == length) return {array.Data(), array.Data() + length};
  }
  throw Napi::RangeError::New(tensors.Env(), name + " must be " + std::to_string(length) + " float32 numbers");
}

Weights read_weights(const Napi::Object& tensors) {
  constexpr int kWidths[] = {kBins, kWide, kNarrow, kNarrow, kWide};
  Weights weights;
  for (size_t i = 0; i < weights.encoder.size(); ++i) {
    const std::string name = "encoder." + std::to_string(i) + ".reparam_conv.";
    weights.encoder[i] = {tensor(tensors, name + "weight", size_t(kWidths[i + 1]) * kWidths[i] * kTaps),
                          tensor(tensors, name + "bias", kWidths[i + 1])};
  }
  weights.input = tensor(tensors, "decoder.rnn.weight_ih", kGates * kWide);
  weights.hidden = tensor(tensors, "decoder.rnn.weight_hh", kGates * kWide);
  weights.input_bias = tensor(tensors, "decoder.rnn.bias_ih", kGates);
  weights.hidden_bias = tensor(tensors, "decoder.rnn.bias_hh", kGates);
  weights.out = tensor(tensors, "decoder.decoder.2.weight", kWide);
  weights.out_bias = tensor(tensors, "decoder.decoder.2.bias", 1)[0];
  return weights;
}

Napi::Value floats(Napi::Env env, const std::vector<float>& values) {
  auto array = Napi::Float32Array::New(env, values.size());
  std::copy(values.begin(), values.end(), array.Data());
  return array;
}

}  // namespace

Napi::Function NodeSpeechNetwork::define(Napi::Env env) { return DefineClass(env, "SpeechNetwork", {}); }

NodeSpeechNetwork::NodeSpeechNetwork(const Napi::CallbackInfo& info) : Napi::ObjectWrap<NodeSpeechNetwork>(info) {
  network_ = std::make_shared<Network>(read_weights(info[0].As<Napi::Object>()), info[1].ToBoolean().Value());
}

Napi::Function NodeSpeechListener::define(Napi::Env env) {
  return DefineClass(env, "SpeechListener",
                     {InstanceMethod("accept", &NodeSpeechListener::accept), InstanceMethod("finish", &NodeSpeechListener::finish)});
}

NodeSpeechListener::NodeSpeechListener(const Napi::CallbackInfo& info) : Napi::ObjectWrap<NodeSpeechListener>(info) {
  listener_ = std::make_unique<Listener>(NodeSpeechNetwork::Unwrap(info[0].As<Napi::Object>())->network());
}

Napi::Value NodeSpeechListener::accept(const Napi::CallbackInfo& info) {
  const auto pcm = info[0].As<Napi::Int16Array>();
  return floats(info.Env(), listener_->accept(pcm.Data(), pcm.ElementLength(), info[1].ToBoolean().Value()));
}

Napi::Value NodeSpeechListener::finish(const Napi::CallbackInfo& info) { return floats(info.Env(), listener_->finish()); }

}  // namespace sotto
