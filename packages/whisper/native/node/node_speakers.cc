#include "node_speakers.h"

#include <functional>
#include <string>
#include <utility>

namespace sotto {

namespace {

using namespace speakers;

// Takes arrays one after another, each of the length that its place has.
class WeightReader {
 public:
  explicit WeightReader(const Napi::Array& arrays) : arrays_(arrays) {}

  std::vector<float> next(size_t length) {
    const Napi::Value value = arrays_.Get(index_);
    if (value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == napi_float32_array) {
      const auto array = value.As<Napi::Float32Array>();
      if (array.ElementLength() == length) return ++index_, std::vector<float>(array.Data(), array.Data() + length);
    }
    throw Napi::RangeError::New(arrays_.Env(),
                                "weight " + std::to_string(index_) + " must be " + std::to_string(length) + " float32 numbers");
  }

  Layer layer(size_t weights, size_t biases) {
    auto weight = next(weights);
    return {std::move(weight), next(biases)};
  }

 private:
  Napi::Array arrays_;
  uint32_t index_ = 0;
};

SegmentationWeights read_segmentation(WeightReader& reader) {
  SegmentationWeights weights;
  weights.wave_scale = reader.next(1)[0];
  weights.wave_shift = reader.next(1)[0];
  weights.sinc = reader.next(80 * 251);
  weights.convolutions = {reader.layer(60 * 80 * 5, 60), reader.layer(60 * 60 * 5, 60)};
  weights.norms = {reader.layer(80, 80), reader.layer(60, 60), reader.layer(60, 60)};
  for (size_t i = 0; i < weights.lstm.size(); ++i) {
    weights.lstm[i].input = reader.next(size_t(2) * 512 * (i == 0 ? 60 : 256));
    weights.lstm[i].hidden = reader.next(size_t(2) * 512 * 128);
    weights.lstm[i].bias = reader.next(size_t(2) * 1024);
  }
  weights.linear = {reader.layer(256 * 128, 128), reader.layer(128 * 128, 128), reader.layer(128 * 7, 7)};
  return weights;
}

TrunkWeights read_trunk(WeightReader& reader) {
  TrunkWeights weights;
  weights.first = reader.layer(32 * 9, 32);
  size_t inputs = 32;
  for (const auto [blocks, channels] : {std::pair<int, size_t>{3, 32}, {4, 64}, {6, 128}, {3, 256}}) {
    for (int i = 0; i < blocks; ++i) {
      TrunkWeights::Block block;
      block.first = reader.layer(channels * inputs * 9, channels);
      block.second = reader.layer(channels * channels * 9, channels);
      if (inputs != channels) block.shortcut = reader.layer(channels * inputs, channels);
      weights.blocks.push_back(std::move(block));
      inputs = channels;
    }
  }
  return weights;
}

class Work : public Napi::AsyncWorker {
 public:
  using Compute = std::function<void(float*)>;

  // `inputs`: what `compute` reads.
  Work(Napi::Env env, std::initializer_list<Napi::Value> inputs, size_t length, Compute compute)
      : Napi::AsyncWorker(env, "SpeakerNetworks"), deferred_(env), results_(length), compute_(std::move(compute)) {
    for (const Napi::Value& input : inputs) inputs_.push_back(Napi::Persistent(input.As<Napi::Object>()));
  }
  Napi::Promise promise() const { return deferred_.Promise(); }

 protected:
  void Execute() override { compute_(results_.data()); }
  void OnOK() override {
    auto array = Napi::Float32Array::New(Env(), results_.size());
    std::copy(results_.begin(), results_.end(), array.Data());
    deferred_.Resolve(array);
  }
  void OnError(const Napi::Error& error) override { deferred_.Reject(error.Value()); }

 private:
  Napi::Promise::Deferred deferred_;
  std::vector<Napi::ObjectReference> inputs_;
  std::vector<float> results_;
  Compute compute_;
};

Napi::Value queued(Work* work) {
  const Napi::Promise promise = work->promise();
  work->Queue();
  return promise;
}

}  // namespace

Napi::Function NodeSpeakerNetworks::define(Napi::Env env) {
  return DefineClass(env, "SpeakerNetworks",
                     {InstanceMethod("segment", &NodeSpeakerNetworks::segment), InstanceMethod("features", &NodeSpeakerNetworks::features),
                      InstanceMethod("trunk", &NodeSpeakerNetworks::trunk), InstanceMethod("embed", &NodeSpeakerNetworks::embed)});
}

NodeSpeakerNetworks::NodeSpeakerNetworks(const Napi::CallbackInfo& info) : Napi::ObjectWrap<NodeSpeakerNetworks>(info) {
  WeightReader reader(info[0].As<Napi::Array>());
  const bool any = info[1].ToBoolean().Value();
  const SegmentationWeights segmentation = read_segmentation(reader);
  const TrunkWeights trunk = read_trunk(reader);
  const Layer last = reader.layer(size_t(kEmbedding) * 2 * kTrunkWidth, kEmbedding);
  networks_.reset(new SpeakerNetworks{Segmentation(segmentation, any), Trunk(trunk, any), Embedding(last, any), Fbank(any)});
}

Napi::Value NodeSpeakerNetworks::segment(const Napi::CallbackInfo& info) {
  const auto pcm = info[0].As<Napi::Int16Array>();
  const int step = info[1].ToNumber().Int32Value(), chunks = info[2].ToNumber().Int32Value();
  const int16_t* samples = pcm.Data();
  const size_t count = pcm.ElementLength();
  return queued(new Work(info.Env(), {pcm}, size_t(chunks) * kChunkFrames * kClasses, [=, networks = networks_](float* probabilities) {
    networks->segmentation.run(samples, count, step, chunks, probabilities);
  }));
}

Napi::Value NodeSpeakerNetworks::features(const Napi::CallbackInfo& info) {
  const auto pcm = info[0].As<Napi::Int16Array>();
  const int16_t* samples = pcm.Data();
  const size_t count = pcm.ElementLength();
  return queued(new Work(info.Env(), {pcm}, size_t(Fbank::frames(count)) * kMelBins,
                         [=, networks = networks_](float* features) { networks->fbank.run(samples, count, features); }));
}

Napi::Value NodeSpeakerNetworks::trunk(const Napi::CallbackInfo& info) {
  const auto array = info[0].As<Napi::Float32Array>();
  const float* features = array.Data();
  const int count = int(array.ElementLength() / kMelBins);
  return queued(new Work(info.Env(), {array}, size_t((count + kTrunkHop - 1) / kTrunkHop) * kTrunkWidth,
                         [=, networks = networks_](float* frames) { networks->trunk.run(features, count, frames); }));
}

Napi::Value NodeSpeakerNetworks::embed(const Napi::CallbackInfo& info) {
  const auto array = info[0].As<Napi::Float32Array>();
  const auto masks = info[1].As<Napi::Float32Array>();
  const float *frames = array.Data(), *weights = masks.Data();
  const int count = int(array.ElementLength() / kTrunkWidth), voices = count == 0 ? 0 : int(masks.ElementLength() / count);
  return queued(new Work(info.Env(), {array, masks}, size_t(voices) * kEmbedding, [=, networks = networks_](float* embeddings) {
    networks->embedding.run(frames, count, weights, voices, embeddings);
  }));
}

}  // namespace sotto
