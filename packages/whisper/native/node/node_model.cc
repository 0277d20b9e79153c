#include "node_model.h"

#include "node_values.h"

namespace sotto {

namespace {

LogSink log_to(const std::shared_ptr<NodeChannel>& channel) {
  return [channel](int level, const std::string& text) {
    channel->post([level, text](Napi::Env env, Napi::Function on_event) {
      on_event.Call({Napi::String::New(env, "log"), Napi::Number::New(env, level), Napi::String::New(env, text)});
    });
  };
}

void say(const std::shared_ptr<NodeChannel>& channel, const char* kind, const std::string& text) {
  channel->post([kind, text](Napi::Env env, Napi::Function on_event) {
    on_event.Call({Napi::String::New(env, kind), Napi::Number::New(env, 0), Napi::String::New(env, text)});
  });
}

}  // namespace

Napi::Function NodeModel::define(Napi::Env env) {
  return DefineClass(env, "Model",
                     {InstanceMethod("transcribe", &NodeModel::transcribe), InstanceMethod("detectLanguage", &NodeModel::detect_language),
                      InstanceMethod("cancel", &NodeModel::cancel), InstanceMethod("stageTimes", &NodeModel::stage_times),
                      InstanceMethod("close", &NodeModel::close)});
}

NodeModel::NodeModel(const Napi::CallbackInfo& info) : Napi::ObjectWrap<NodeModel>(info) {
  const Napi::Env env = info.Env();
  const auto given = info[0].As<Napi::Object>();
  EngineSettings settings = read_settings(given);
  channel_ = std::make_shared<NodeChannel>(env, info[1].As<Napi::Function>());
  if (given.Get("wantsLog").ToBoolean()) settings.log = log_to(channel_);
  // A process that exits in the middle of work must not tear the engine's threads down under its feet.
  napi_add_env_cleanup_hook(env, stop_at_exit, this);
  loader_ = std::thread([this, settings, channel = channel_] {
    LoadedEngine loaded;
    try {
      loaded = load_engine(settings);
    } catch (const std::exception& error) {
      loaded.fault = error.what();
    }
    if (loaded.engine == nullptr) return say(channel, "load_failed", loaded.fault);
    engine_ = std::move(loaded.engine);
    channel->post([info = loaded.info, channel](Napi::Env env, Napi::Function on_event) {
      channel->unref(env);
      on_event.Call({Napi::String::New(env, "loaded"), Napi::Number::New(env, 0), write_info(env, info)});
    });
  });
}

NodeModel::~NodeModel() {
  napi_remove_env_cleanup_hook(Env(), stop_at_exit, this);
  stop();
}

void NodeModel::stop_at_exit(void* self) { static_cast<NodeModel*>(self)->stop(); }

// Idempotent. Cancels what runs and waits for it: a layer of the encoder, or a step.
void NodeModel::stop() {
  if (loader_.joinable()) loader_.join();
  if (closer_.joinable()) closer_.join();
  channel_->shut();
  engine_.reset();
}

void NodeModel::transcribe(const Napi::CallbackInfo& info) {
  auto job = std::make_shared<whisper::Job>();
  job->kind = whisper::JobKind::transcribe;
  job->pcm = read_pcm(info[1]);
  const auto options = info[2].As<Napi::Object>();
  job->options = read_options(options);
  job->options.phrases = phrases_.trie(engine_->model().vocabulary, read_phrases(options));
  job->urgent = info[3].ToBoolean().Value();
  const uint32_t id = info[0].ToNumber();
  job->on_progress = [id, channel = channel_](float fraction) {
    channel->post([id, fraction](Napi::Env env, Napi::Function on_event) {
      on_event.Call({Napi::String::New(env, "progress"), Napi::Number::New(env, id), Napi::Number::New(env, fraction)});
    });
  };
  job->on_segment = [id, channel = channel_](const Segment& segment) {
    channel->post([id, segment](Napi::Env env, Napi::Function on_event) {
      on_event.Call({Napi::String::New(env, "segment"), Napi::Number::New(env, id), write_segment(env, segment)});
    });
  };
  submit(info.Env(), id, std::move(job));
}

void NodeModel::detect_language(const Napi::CallbackInfo& info) {
  auto job = std::make_shared<whisper::Job>();
  job->kind = whisper::JobKind::detect_language;
  job->pcm = read_pcm(info[1]);
  job->urgent = info[2].ToBoolean().Value();
  submit(info.Env(), info[0].ToNumber(), std::move(job));
}

void NodeModel::submit(Napi::Env env, uint32_t id, std::shared_ptr<whisper::Job> job) {
  job->done = [this, id, channel = channel_](Status status, WindowResult&& result, const std::string& message, double decode_ms) {
    auto held = std::make_shared<WindowResult>(std::move(result));
    channel->post([this, id, status, held, message, decode_ms](Napi::Env env, Napi::Function on_event) {
      finished(env, id);
      const char* kind = status == Status::ok ? "done" : status == Status::cancelled ? "cancelled" : "failed";
      const Napi::Value payload = status == Status::ok ? Napi::Value(write_result(env, *held, decode_ms)) : Napi::String::New(env, message);
      on_event.Call({Napi::String::New(env, kind), Napi::Number::New(env, id), payload});
    });
  };
  if (jobs_.empty()) {
    channel_->ref(env);
    Ref();  // not collected while its engine works
  }
  jobs_.emplace(id, job);
  engine_->submit(std::move(job));
}

void NodeModel::finished(Napi::Env env, uint32_t id) {
  jobs_.erase(id);
  if (!jobs_.empty()) return;
  channel_->unref(env);
  Unref();
}

void NodeModel::cancel(const Napi::CallbackInfo& info) {
  const auto job = jobs_.find(info[0].ToNumber().Uint32Value());
  if (job != jobs_.end()) engine_->cancel(job->second);
}

// Of a loaded model that is not closing: the caller sees to that.
Napi::Value NodeModel::stage_times(const Napi::CallbackInfo& info) { return write_stage_times(info.Env(), engine_->stage_times()); }

void NodeModel::close(const Napi::CallbackInfo& info) {
  channel_->ref(info.Env());
  Ref();
  if (loader_.joinable()) loader_.join();
  closer_ = std::thread([this, channel = channel_] {
    engine_.reset();
    channel->post([this, channel](Napi::Env env, Napi::Function on_event) {
      on_event.Call({Napi::String::New(env, "closed"), Napi::Number::New(env, 0), env.Undefined()});
      channel->shut();
      Unref();
    });
  });
}

}  // namespace sotto
