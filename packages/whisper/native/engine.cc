#include "engine.h"

#include <algorithm>
#include <chrono>

#include "ggml-backend.h"
#include "model_check.h"

namespace sotto {

namespace {

constexpr int kMaxDecoders = 5;  // beams, or candidates of a fallback; src/options.ts keeps requests below

std::string gpu_name() {
  ggml_backend_dev_t device = ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_GPU);
  if (device == nullptr) device = ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_IGPU);
  if (device == nullptr) return "";
  return ggml_backend_reg_name(ggml_backend_dev_backend_reg(device));
}

// Measured with tiny.en on synthesised speech with known word starts: its attention sets in 80-100 ms late.
constexpr int kPresetLagMs = 80;

// sotto-nano was taught to point with heads 0 and 3 of its last layer; a model nobody has measured gets its upper half.
Alignment choose_alignment(const whisper_context* ctx, int layers, int width, int heads_per_layer) {
  Alignment alignment{preset_heads(ctx), kPresetLagMs};
  if (!alignment.heads.empty()) return alignment;
  if (width == 128) return {{{layers - 1, 0}, {layers - 1, 3}}, 0};
  for (int layer = layers / 2; layer < layers; ++layer) {
    for (int head = 0; head < heads_per_layer; ++head) alignment.heads.push_back({layer, head});
  }
  return alignment;
}

}  // namespace

std::unique_ptr<Engine> Engine::load(const EngineSettings& settings, std::string& fault) {
  const ModelCheck check = check_model_file(settings.path);
  if (!check.fault.empty()) {
    fault = check.fault;
    return nullptr;
  }
  const std::string gpu = settings.device == "cpu" ? "" : gpu_name();
  if (gpu.empty() && (settings.device == "cuda" || settings.device == "metal")) {
    fault = "there is no GPU that this build can use (device \"" + settings.device + "\" was asked for)";
    return nullptr;
  }
  std::unique_ptr<Engine> engine(new Engine);
  engine->log_ = settings.log;
  LogScope log(&engine->log_);

  whisper_context_params params = whisper_context_default_params();
  params.use_gpu = !gpu.empty();
  params.flash_attn = settings.flash_attention;
  engine->ctx_ = whisper_init_from_file_with_params_no_state(settings.path.c_str(), params);
  if (engine->ctx_ == nullptr) {
    const std::string logged = last_logged_error();
    fault = logged.empty() ? "whisper.cpp refused the model" : logged;
    return nullptr;
  }
  whisper_context* ctx = engine->ctx_;
  ModelInfo& info = engine->info_;
  info.multilingual = whisper_is_multilingual(ctx) != 0;
  info.vocabulary = whisper_model_n_vocab(ctx);
  info.mel_bins = whisper_model_n_mels(ctx);
  info.encoder_layers = whisper_model_n_audio_layer(ctx);
  info.decoder_layers = whisper_model_n_text_layer(ctx);
  info.width = whisper_model_n_text_state(ctx);
  info.device = gpu.empty() ? "cpu" : gpu;
  info.bytes = check.bytes;
  info.states = settings.states;
  info.alignment = choose_alignment(ctx, info.decoder_layers, info.width, whisper_model_n_text_head(ctx));
  if (!engine->make_states(settings.states, fault)) return nullptr;
  for (whisper_state* state : engine->states_) engine->threads_.emplace_back([engine = engine.get(), state] { engine->work(state); });
  return engine;
}

bool Engine::make_states(int count, std::string& fault) {
  for (int i = 0; i < count; ++i) {
    whisper_state* state = whisper_init_state(ctx_);
    if (state == nullptr || !grow_decoders(ctx_, state, kMaxDecoders)) {
      fault = "there is not enough memory for state " + std::to_string(i + 1) + " of " + std::to_string(count);
      return false;
    }
    states_.push_back(state);
  }
  return true;
}

Engine::~Engine() {
  std::deque<std::shared_ptr<Job>> never_run;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    closing_ = true;
    never_run.swap(waiting_);
    for (auto& job : running_) job->cancelled = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  for (auto& job : never_run) job->done(Status::cancelled, {}, "", 0);
  LogScope log(&log_);
  for (whisper_state* state : states_) whisper_free_state(state);
  if (ctx_ != nullptr) whisper_free(ctx_);
}

void Engine::submit(std::shared_ptr<Job> job) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    waiting_.push_back(std::move(job));
  }
  wake_.notify_one();
}

void Engine::cancel(const std::shared_ptr<Job>& job) {
  job->cancelled = true;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto at = std::find(waiting_.begin(), waiting_.end(), job);
    if (at == waiting_.end()) return;
    waiting_.erase(at);
  }
  job->done(Status::cancelled, {}, "", 0);
}

std::shared_ptr<Job> Engine::next() {
  std::unique_lock<std::mutex> lock(mutex_);
  wake_.wait(lock, [this] { return closing_ || !waiting_.empty(); });
  if (closing_) return nullptr;
  std::shared_ptr<Job> job = std::move(waiting_.front());
  waiting_.pop_front();
  running_.push_back(job);
  return job;
}

void Engine::work(whisper_state* state) {
  LogScope log(&log_);
  while (std::shared_ptr<Job> job = next()) {
    run(state, *job);
    std::lock_guard<std::mutex> lock(mutex_);
    running_.erase(std::find(running_.begin(), running_.end(), job));
  }
}

void Engine::run(whisper_state* state, Job& job) {
  WindowResult result;
  std::string message;
  Status status = Status::cancelled;
  const auto begin = std::chrono::steady_clock::now();
  if (!job.cancelled) {
    try {
      const RunContext context{ctx_, state, &info_.alignment};
      if (job.on_progress) job.on_progress(0.0f);
      const WindowHooks hooks{&job.cancelled, job.on_progress, job.on_segment};
      status = job.kind == JobKind::transcribe
                   ? run_window(context, std::move(job.pcm), job.options, hooks, result, message)
                   : run_language_detection(context, std::move(job.pcm), job.options.threads, hooks, result, message);
    } catch (const std::exception& error) {  // bad_alloc, regex_error and the like cross whisper.cpp's C interface
      status = Status::failed;
      message = error.what();
    }
  }
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
  job.done(status, std::move(result), message, took.count());
}

}  // namespace sotto
