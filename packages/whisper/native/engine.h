// A loaded model with its states, each with a thread of its own; windows wait in order of arrival for a free one.
//
// States: loaded -> closing (destructor) . A window is waiting -> running -> done; `done` is called exactly once for each
// window that was submitted, on the thread of its state, or on the closing thread if it never ran.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "log_sink.h"
#include "window.h"
#include "window_run.h"

namespace sotto {

struct EngineSettings {
  std::string path;
  std::string device;  // "auto", "cpu", "cuda", "metal"
  int states = 1;
  bool flash_attention = true;
  LogSink log;
};

struct ModelInfo {
  bool multilingual = false;
  int vocabulary = 0, mel_bins = 0, encoder_layers = 0, decoder_layers = 0, width = 0, states = 0;
  std::string device;
  uint64_t bytes = 0;
  Alignment alignment;
};

enum class JobKind { transcribe, detect_language };

struct Job {
  JobKind kind = JobKind::transcribe;
  std::vector<float> pcm;
  WindowOptions options;
  std::atomic<bool> cancelled{false};
  std::function<void(float)> on_progress;
  std::function<void(const Segment&)> on_segment;
  std::function<void(Status, WindowResult&&, const std::string& message, double decode_ms)> done;
};

class Engine {
 public:
  // Blocking. Null: `fault` says why in a sentence.
  static std::unique_ptr<Engine> load(const EngineSettings& settings, std::string& fault);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  const ModelInfo& info() const { return info_; }
  void submit(std::shared_ptr<Job> job);
  // A waiting window is done at once, on this thread; a running one within milliseconds (on a GPU: at the end of its pass).
  void cancel(const std::shared_ptr<Job>& job);

 private:
  Engine() = default;
  bool make_states(int count, std::string& fault);
  void work(whisper_state* state);
  std::shared_ptr<Job> next();
  void run(whisper_state* state, Job& job);

  LogSink log_;
  ModelInfo info_;
  whisper_context* ctx_ = nullptr;
  std::vector<whisper_state*> states_;
  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::shared_ptr<Job>> waiting_;
  std::vector<std::shared_ptr<Job>> running_;
  bool closing_ = false;
};

}  // namespace sotto
