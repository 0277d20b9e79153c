// The way from the engine's threads to JavaScript: every event is one call of one function, in order.
#pragma once

#include <napi.h>

#include <functional>
#include <mutex>

namespace sotto {

class NodeChannel {
 public:
  using Message = std::function<void(Napi::Env env, Napi::Function on_event)>;

  NodeChannel(Napi::Env env, Napi::Function on_event) : call_(Napi::ThreadSafeFunction::New(env, on_event, "sotto_whisper", 0, 1)) {}

  // From any thread; silently dropped once shut.
  void post(Message message) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (shut_) return;
    auto* owned_by_call = new Message(std::move(message));
    const napi_status status = call_.NonBlockingCall(owned_by_call, [](Napi::Env env, Napi::Function on_event, Message* m) {
      const std::unique_ptr<Message> owned(m);
      if (env != nullptr) (*owned)(env, on_event);
    });
    if (status != napi_ok) delete owned_by_call;
  }

  // Whether waiting events keep the process alive. Main thread only.
  void ref(Napi::Env env) {
    if (!shut_) call_.Ref(env);
  }
  void unref(Napi::Env env) {
    if (!shut_) call_.Unref(env);
  }

  void shut() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (shut_) return;
    shut_ = true;
    call_.Release();
  }

 private:
  std::mutex mutex_;
  bool shut_ = false;
  Napi::ThreadSafeFunction call_;
};

}  // namespace sotto
