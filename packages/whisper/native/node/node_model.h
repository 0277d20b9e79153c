// The object JavaScript holds: `new Model(settings, onEvent)`. Everything it has to say arrives as
// onEvent(kind, jobId, payload) with kind = loaded | load_failed | log | progress | segment | done | cancelled | failed | closed.
#pragma once

#include <napi.h>

#include <map>
#include <memory>
#include <thread>

#include "load_engine.h"
#include "node_channel.h"
#include "phrase_cache.h"

namespace sotto {

class NodeModel : public Napi::ObjectWrap<NodeModel> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit NodeModel(const Napi::CallbackInfo& info);
  ~NodeModel() override;

 private:
  void transcribe(const Napi::CallbackInfo& info);       // (jobId, pcm, options, urgent)
  void detect_language(const Napi::CallbackInfo& info);  // (jobId, pcm, urgent)
  void cancel(const Napi::CallbackInfo& info);           // (jobId)
  Napi::Value stage_times(const Napi::CallbackInfo& info);  // () -> {mel, encode, decode, align} in ms
  void close(const Napi::CallbackInfo& info);            // (); nothing may be submitted afterwards
  void submit(Napi::Env env, uint32_t id, std::shared_ptr<whisper::Job> job);
  void finished(Napi::Env env, uint32_t id);
  void stop();
  static void stop_at_exit(void* self);

  // Outlives this object: threads of the engine hold it too.
  std::shared_ptr<NodeChannel> channel_;
  std::unique_ptr<whisper::Engine> engine_;
  std::thread loader_, closer_;
  std::map<uint32_t, std::shared_ptr<whisper::Job>> jobs_;
  PhraseCache phrases_;
};

}  // namespace sotto
