// The networks that tell speakers apart, for JavaScript: `new SpeakerNetworks(weights, anyProcessor)`.
#pragma once

#include <napi.h>

#include <memory>

#include "speakers/embedding.h"
#include "speakers/fbank.h"
#include "speakers/segmentation.h"
#include "speakers/trunk.h"

namespace sotto {

struct SpeakerNetworks {
  speakers::Segmentation segmentation;
  speakers::Trunk trunk;
  speakers::Embedding embedding;
  speakers::Fbank fbank;
};

class NodeSpeakerNetworks : public Napi::ObjectWrap<NodeSpeakerNetworks> {
 public:
  static Napi::Function define(Napi::Env env);
  // (weights: Float32Array[] in the order of read_weights, anyProcessor: boolean). Throws a RangeError for one of another size.
  explicit NodeSpeakerNetworks(const Napi::CallbackInfo& info);

 private:
  // Each works on a thread of libuv's pool, on arrays that must not change meanwhile, and resolves to a Float32Array.
  Napi::Value segment(const Napi::CallbackInfo& info);   // (pcm: Int16Array, step, chunks)
  Napi::Value features(const Napi::CallbackInfo& info);  // (pcm: Int16Array)
  Napi::Value trunk(const Napi::CallbackInfo& info);     // (features: Float32Array)
  Napi::Value embed(const Napi::CallbackInfo& info);     // (frames: Float32Array, masks: Float32Array)

  std::shared_ptr<const SpeakerNetworks> networks_;
};

}  // namespace sotto
