#include "batch_engine.h"

#include <algorithm>
#include <exception>

#include "alignment/alignment_heads.h"
#include "compute_layer.h"
#include "ggml-cpu.h"
#include "model/language.h"

namespace sotto::batch {
namespace {

constexpr int kMaxWidth = 8;
constexpr size_t kMinSamples = 1600;  // less than 100 ms is never decoded

EngineOptions limited(EngineOptions options) {
  options.rows = std::clamp(options.rows, 1, 256);
  options.max_width = std::clamp(options.max_width, 1, kMaxWidth);
  options.threads = std::max(1, options.threads);
  return options;
}

// A prompt and one line of tokens per beam or draw.
int cells_per_slot(const Hparams& hp, int width) { return hp.n_text_ctx + (width - 1) * (hp.n_text_ctx / 2); }

}  // namespace

struct BatchEngine::Job {
  Job(const float* pcm, size_t n, const WindowOptions& o, const WindowHooks& h) : samples(pcm), count(n), options(o), hooks(h) {}

  const float* samples;
  size_t count;
  const WindowOptions& options;
  const WindowHooks& hooks;
  Outcome outcome;
  std::unique_ptr<WindowTask> task;
  bool done = false;
  std::condition_variable changed;

  bool cancelled() const { return hooks.cancelled && hooks.cancelled->load(std::memory_order_relaxed); }
};

BatchEngine::Created BatchEngine::create(const EngineOptions& given, ggml_backend_t backend) {
  EngineOptions options = limited(given);
  ggml_backend_ptr owned(backend ? backend : ggml_backend_cpu_init());
  if (!owned) return {nullptr, "no compute backend"};
  LoadedModel loaded = load_model(options.model_path, ggml_backend_get_default_buffer_type(owned.get()));
  if (!loaded.model) return {nullptr, loaded.error};
  if (options.alignment_heads.empty()) options.alignment_heads = alignment_heads(loaded.model->hparams);
  const Hparams& hp = loaded.model->hparams;
  for (const AlignmentHead& head : options.alignment_heads)
    if (head.layer < 0 || head.layer >= hp.n_text_layer || head.head < 0 || head.head >= hp.n_text_head)
      return {nullptr, "an alignment head lies outside the model"};

  std::unique_ptr<BatchEngine> engine(new BatchEngine(options, std::move(owned), std::move(loaded.model)));
  const ComputeOptions compute{options.rows, cells_per_slot(hp, options.max_width), options.threads, options.alignment_heads};
  MadeCompute made = make_compute(*engine->model_, engine->backend_.get(), options.layer, compute);
  if (!made.compute) return {nullptr, made.error};
  engine->compute_ = std::move(made.compute);
  engine->rules_ = std::make_unique<TokenRules>(engine->model_->vocabulary, hp.n_audio_ctx);
  engine->context_.reset(new TaskContext{*engine->model_, *engine->rules_, static_cast<int>(options.alignment_heads.size())});
  engine->cells_.assign(options.rows, CellPool(compute.cells_per_slot));
  engine->live_.resize(options.rows);
  engine->thread_ = std::thread([raw = engine.get()] { raw->run(); });
  return {std::move(engine), ""};
}

BatchEngine::BatchEngine(const EngineOptions& options, ggml_backend_ptr backend, std::unique_ptr<Model> model)
    : options_(options), backend_(std::move(backend)), model_(std::move(model)) {}

void BatchEngine::stop() {
  const std::lock_guard<std::mutex> lock(mutex_);
  stopping_ = true;
  work_.notify_all();
}

BatchEngine::~BatchEngine() {
  stop();
  if (thread_.joinable()) thread_.join();
}

std::string BatchEngine::check(size_t count, const WindowOptions& options) const {
  if (count > size_t(kMaxWindowSamples)) return "the window is longer than 30 s";
  if (!options.language.empty() && language_index(options.language) < 0) return "unknown language " + options.language;
  if (!options.language.empty() && model_->vocabulary.is_multilingual() &&
      language_index(options.language) >= model_->vocabulary.language_count())
    return "the model does not know language " + options.language;
  if (std::max(options.beam_size, options.best_of) > options_.max_width) return "more beams or candidates than the engine has room for";
  return "";
}

Outcome BatchEngine::transcribe(const float* samples, size_t count, const WindowOptions& options, const WindowHooks& hooks) {
  const std::string wrong = check(count, options);
  if (!wrong.empty()) return {Status::failed, {}, wrong};
  if (count < kMinSamples) {
    WindowResult empty;
    empty.language = options.language;
    return {Status::ok, empty, ""};
  }
  auto job = std::make_shared<Job>(samples, count, options, hooks);
  std::unique_lock<std::mutex> lock(mutex_);
  if (stopping_) return {Status::cancelled, {}, ""};
  waiting_.push_back(job);
  work_.notify_one();
  job->changed.wait(lock, [&] { return job->done; });
  return std::move(job->outcome);
}

void BatchEngine::deliver(Job& job, Status status, const std::string& error) {
  const std::lock_guard<std::mutex> lock(mutex_);
  job.task.reset();
  job.outcome.status = status;
  job.outcome.error = error;
  job.done = true;
  job.changed.notify_all();
}

void BatchEngine::run() {
  while (admit()) {
    try {
      drop_cancelled();
      encode_waiting();
      step();
    } catch (const std::exception& error) {  // out of memory, mostly: no window can go on, the engine can
      for (auto& job : live_)
        if (job) deliver(*job, Status::failed, error.what()), job.reset();
    }
    settle();
  }
  for (auto& job : live_)
    if (job) deliver(*job, Status::cancelled), job.reset();
}

// Gives free slots to waiting windows, lowest slot first; sleeps only when there is nothing at all to do.
bool BatchEngine::admit() {
  std::unique_lock<std::mutex> lock(mutex_);
  const auto idle = [&] { return std::all_of(live_.begin(), live_.end(), [](const auto& job) { return !job; }); };
  work_.wait(lock, [&] { return stopping_ || !waiting_.empty() || !idle(); });
  for (size_t slot = 0; slot < live_.size() && !waiting_.empty(); ++slot) {
    if (live_[slot]) continue;
    live_[slot] = waiting_.front();
    waiting_.pop_front();
  }
  if (!stopping_) return true;
  for (const auto& job : waiting_) {
    job->outcome.status = Status::cancelled;
    job->done = true;
    job->changed.notify_all();
  }
  waiting_.clear();
  return false;
}

void BatchEngine::drop_cancelled() {
  for (auto& job : live_)
    if (job && job->cancelled()) deliver(*job, Status::cancelled), job.reset();
}

void BatchEngine::start(const std::shared_ptr<Job>& job, int slot) {
  job->task = std::make_unique<WindowTask>(*context_, cells_[slot], slot, job->options, job->hooks, job->outcome.result);
  job->task->set_audio(compute_->mel(job->samples, job->count), static_cast<int>(job->count * 1000 / kSampleRate));
}

void BatchEngine::encode_waiting() {
  for (size_t slot = 0; slot < live_.size(); ++slot) {
    auto& job = live_[slot];
    if (!job) continue;
    if (!job->task) start(job, static_cast<int>(slot));
    if (job->task->stage() != WindowTask::Stage::encode) continue;
    if (compute_->encode(job->task->mel(), job->task->seek(), static_cast<int>(slot))) {
      job->task->encoded();
    } else {
      deliver(*job, Status::failed, "the encoder failed");
      job.reset();
    }
  }
}

void BatchEngine::step() {
  rows_.clear();
  std::vector<size_t> ends;  // per slot: rows up to and with it
  for (const auto& job : live_) {
    if (job) job->task->add_rows(rows_);
    ends.push_back(rows_.size());
  }
  if (rows_.empty()) return;
  const bool ok = compute_->decode(rows_, results_);
  float* logits = results_.logits;
  const float* attention = results_.attention.data();
  const size_t attention_size = options_.alignment_heads.size() * model_->hparams.n_audio_ctx;
  for (size_t slot = 0, row = 0; slot < live_.size(); ++slot) {
    if (row == ends[slot]) continue;
    const size_t first = row;
    row = ends[slot];
    if (!ok) {
      deliver(*live_[slot], Status::failed, "the decoder failed");
      live_[slot].reset();
      continue;
    }
    const auto wanted = [&](bool Row::*what) {
      return std::count_if(rows_.begin() + first, rows_.begin() + row, [&](const Row& r) { return r.*what; });
    };
    live_[slot]->task->accept(logits, results_.stride, attention);
    if (logits) logits += wanted(&Row::wants_logits) * results_.stride;
    attention += wanted(&Row::wants_attention) * attention_size;
  }
}

void BatchEngine::settle() {
  for (auto& job : live_)
    if (job && job->task && job->task->stage() == WindowTask::Stage::finished) deliver(*job, Status::ok), job.reset();
}

}  // namespace sotto::batch
