#include "batch_engine.h"

#include <algorithm>
#include <exception>

#include "compute_layer.h"
#include "ggml-cpu.h"
#include "job_check.h"
#include "row_memory.h"

namespace sotto::batch {
namespace {

constexpr int kMaxWidth = 8;

EngineOptions limited(EngineOptions options) {
  options.rows = std::clamp(options.rows, 1, 256);
  options.max_width = std::clamp(options.max_width, 1, kMaxWidth);
  options.threads = std::max(1, options.threads);
  return options;
}

bool inside(const AlignmentChoice& alignment, const Hparams& hp) {
  return std::all_of(alignment.heads.begin(), alignment.heads.end(), [&](const AlignmentHead& head) {
    return head.layer >= 0 && head.layer < hp.n_text_layer && head.head >= 0 && head.head < hp.n_text_head;
  });
}

}  // namespace

BatchEngine::Created BatchEngine::create(const EngineOptions& given, ggml_backend_t backend) {
  EngineOptions options = limited(given);
  const LogScope log(&options.log);
  ggml_backend_ptr owned(backend ? backend : ggml_backend_cpu_init());
  if (!owned) return {nullptr, "no compute backend"};
  LoadedModel loaded = load_model(options.model_path, ggml_backend_get_default_buffer_type(owned.get()));
  if (!loaded.model) return {nullptr, loaded.error};
  const Hparams& hp = loaded.model->hparams;
  if (options.alignment.heads.empty()) options.alignment = choose_alignment(hp);
  if (!inside(options.alignment, hp)) return {nullptr, "an alignment head lies outside the model"};
  options.rows = rows_that_fit(options.rows, options.row_memory, row_bytes(hp, options.max_width, options.alignment.heads.size()));
  options.kept = std::clamp(options.kept, 0, options.rows - 1);

  std::unique_ptr<BatchEngine> engine(new BatchEngine(options, std::move(owned), std::move(loaded.model)));
  const ComputeOptions compute{options.rows, cells_per_slot(hp, options.max_width), options.threads, options.alignment.heads, &engine->team_};
  MadeCompute made = make_compute(*engine->model_, engine->backend_.get(), options.layer, compute);
  if (!made.compute) return {nullptr, made.error};
  engine->compute_ = std::move(made.compute);
  engine->cells_.assign(options.rows, CellPool(compute.cells_per_slot));
  engine->thread_ = std::thread([raw = engine.get()] { raw->run(); });
  return {std::move(engine), ""};
}

BatchEngine::BatchEngine(const EngineOptions& options, ggml_backend_ptr backend, std::unique_ptr<Model> model)
    : options_(options), backend_(std::move(backend)), model_(std::move(model)), team_(options.threads), live_(options.rows) {
  rules_ = std::make_unique<TokenRules>(model_->vocabulary, model_->hparams.n_audio_ctx);
  context_.reset(new TaskContext{*model_, *rules_, options_.alignment});
}

BatchEngine::~BatchEngine() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    for (const Live& live : live_)
      if (live.job) live.job->cancelled = true;
  }
  work_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void BatchEngine::submit(std::shared_ptr<Job> job) {
  const std::string wrong = job_refusal(*job, model_->vocabulary, options_.max_width);
  if (!wrong.empty()) return job->done(Status::failed, {}, wrong, 0);
  const std::lock_guard<std::mutex> lock(mutex_);
  waiting_.push_back(std::move(job));
  work_.notify_one();
}

void BatchEngine::cancel(const std::shared_ptr<Job>& job) {
  job->cancelled = true;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto at = std::find(waiting_.begin(), waiting_.end(), job);
    if (at == waiting_.end()) return;
    waiting_.erase(at);
  }
  job->done(Status::cancelled, {}, "", 0);
}

void BatchEngine::run() {
  const LogScope log(&options_.log);
  while (admit()) {
    const Stopwatch watch;
    try {
      end_cancelled();
      encode_next();
      step();
    } catch (const std::exception& error) {  // out of memory, mostly: no window can go on, the engine can
      finish_all(Status::failed, error.what());
    }
    note_rest(watch.ms());
    settle();
  }
  finish_all(Status::cancelled, "");
}

// Gives free slots to waiting windows, lowest slot first; sleeps only when there is nothing at all to do.
bool BatchEngine::admit() {
  std::unique_lock<std::mutex> lock(mutex_);
  const auto is_free = [](const Live& live) { return !live.job; };
  work_.wait(lock, [&] { return stopping_ || !waiting_.empty() || !std::all_of(live_.begin(), live_.end(), is_free); });
  for (size_t slot = 0; slot < live_.size() && !waiting_.empty(); ++slot) {
    Live& live = live_[slot];
    const auto next = next_waiting();
    if (live.job || (is_kept(slot) && !(*next)->urgent)) continue;
    live.job = std::move(*next);
    waiting_.erase(next);
  }
  any_urgent_ = std::any_of(live_.begin(), live_.end(), [](const Live& live) { return live.job && live.job->urgent; });
  if (!stopping_) return true;
  const std::deque<std::shared_ptr<Job>> never_run = std::move(waiting_);
  waiting_.clear();
  lock.unlock();
  for (const auto& job : never_run) job->done(Status::cancelled, {}, "", 0);
  return false;
}

// In order of arrival, urgent ones first.
std::deque<std::shared_ptr<Job>>::iterator BatchEngine::next_waiting() {
  const auto urgent = std::find_if(waiting_.begin(), waiting_.end(), [](const auto& job) { return job->urgent; });
  return urgent == waiting_.end() ? waiting_.begin() : urgent;
}

void BatchEngine::note_rest(double step_ms) {
  for (Live& live : live_)
    if (live.job && rests(live)) live.rested_ms += step_ms;
}

void BatchEngine::end_cancelled() {
  for (Live& live : live_)
    if (live.job && live.job->cancelled) finish(live, Status::cancelled);
}

// One window at a time, urgent ones first: between two encodings those that decode take a step, so that none stands still for long.
void BatchEngine::encode_next() {
  const auto waits = [this](const Live& live) {
    return live.job && !rests(live) && (!live.task || live.task->stage() == WindowTask::Stage::encode);
  };
  auto at = std::find_if(live_.begin(), live_.end(), [&](const Live& live) { return waits(live) && live.job->urgent; });
  if (at == live_.end()) at = std::find_if(live_.begin(), live_.end(), waits);
  if (at == live_.end()) return;
  try {
    encode(static_cast<int>(at - live_.begin()));
  } catch (const std::exception& error) {
    finish(*at, Status::failed, error.what());
  }
}

void BatchEngine::encode(int slot) {
  Live& live = live_[slot];
  const Stopwatch watch;
  if (!live.task) begin(slot);
  if (live.task->stage() != WindowTask::Stage::encode) return;
  const double mel_ms = watch.ms();
  const bool encoded = compute_->encode(live.task->mel(), live.task->seek(), slot, live.job->cancelled);
  live.worked_ms += watch.ms();
  clock_.add(&StageTimes::mel_ms, mel_ms);
  clock_.add(&StageTimes::encode_ms, watch.ms() - mel_ms);
  if (encoded) {
    live.task->encoded();
  } else {
    finish(live, live.job->cancelled ? Status::cancelled : Status::failed, "the encoder failed");
  }
}

void BatchEngine::begin(int slot) {
  Live& live = live_[slot];
  live.task = std::make_unique<WindowTask>(*context_, cells_[slot], slot, *live.job, live.result);
  const std::vector<float> audio = safe_audio(live.job->pcm);
  live.task->set_mel(compute_->mel(audio.data(), audio.size()));
}

void BatchEngine::step() {
  rows_.clear();
  std::vector<Turn> turns;
  for (size_t slot = 0; slot < live_.size(); ++slot) {
    const Live& live = live_[slot];
    if (!live.task || rests(live)) continue;
    const size_t first = rows_.size();
    live.task->add_rows(rows_);
    if (rows_.size() > first) turns.push_back({slot, live.task.get(), live.task->stage(), first, rows_.size(), 0, nullptr});
  }
  if (rows_.empty()) return;
  const Stopwatch watch;
  if (compute_->decode(rows_, results_)) {
    accept(turns, watch.ms());
  } else {
    finish_all(Status::failed, "the decoder failed");
  }
}

void BatchEngine::accept(std::vector<Turn>& turns, double decode_ms) {
  const Stopwatch watch;
  accept_results(turns, rows_, results_, options_.alignment.heads.size() * model_->hparams.n_audio_ctx, team_);
  const std::vector<double> worked_ms = shares_of(turns, decode_ms, watch.ms());
  for (size_t i = 0; i < turns.size(); ++i) {
    Live& live = live_[turns[i].slot];
    live.worked_ms += worked_ms[i];
    clock_.add(turns[i].stage == WindowTask::Stage::align ? &StageTimes::align_ms : &StageTimes::decode_ms, worked_ms[i]);
    try {
      if (turns[i].error) std::rethrow_exception(turns[i].error);
    } catch (const std::exception& error) {
      finish(live, Status::failed, error.what());
    }
  }
}

void BatchEngine::finish(Live& live, Status status, const std::string& message) {
  std::shared_ptr<Job> job;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    job = std::move(live.job);
    live.job.reset();
  }
  live.task.reset();
  job->done(status, std::move(live.result), status == Status::failed ? message : "", live.worked_ms);
  live.result = {};
  live.worked_ms = 0;
  live.rested_ms = 0;
}

void BatchEngine::finish_all(Status status, const std::string& message) {
  for (Live& live : live_)
    if (live.job) finish(live, status, message);
}

void BatchEngine::settle() {
  for (Live& live : live_) {
    if (!live.task) continue;
    try {
      live.task->tell();
    } catch (const std::exception& error) {
      finish(live, Status::failed, error.what());
      continue;
    }
    if (live.task->stage() == WindowTask::Stage::finished) finish(live, Status::ok);
  }
}

}  // namespace sotto::batch
