#include "engine.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "ggml-cpu.h"
#include "job_check.h"
#include "make_backend.h"
#include "slot_memory.h"

namespace sotto::whisper {
namespace {

constexpr int kMaxWidth = 8;

EngineOptions limited(EngineOptions options) {
  options.slots = std::clamp(options.slots, 1, 256);
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

Engine::Created Engine::create(const EngineOptions& given, ggml_backend_t device) {
  EngineOptions options = limited(given);
  const LogScope log(&options.log);
  ggml_backend_ptr owned(device ? device : ggml_backend_cpu_init());
  if (!owned) return {nullptr, "no device to compute on"};
  LoadedModel loaded = load_model(options.model_path, ggml_backend_get_default_buffer_type(owned.get()));
  if (!loaded.model) return {nullptr, loaded.error};
  const Hparams& hp = loaded.model->hparams;
  if (options.alignment.heads.empty()) options.alignment = choose_alignment(hp);
  if (!inside(options.alignment, hp)) return {nullptr, "an alignment head lies outside the model"};
  const size_t bytes_per_slot = slot_bytes(hp, options.max_width, options.alignment.heads.size());
  options.slots = slots_that_fit(options.slots, options.slot_memory, bytes_per_slot);
  options.reserved_slots = std::clamp(options.reserved_slots, 0, options.slots - 1);

  std::unique_ptr<Engine> engine(new Engine(options, std::move(owned), std::move(loaded.model)));
  const int cells = cells_per_slot(hp, options.max_width);
  MadeBackend made = make_backend(*engine->model_, engine->device_.get(), options.backend,
                                  {options.slots, cells, options.threads, options.alignment.heads, &engine->team_});
  if (!made.backend) return {nullptr, made.error};
  engine->backend_ = std::move(made.backend);
  engine->cells_.assign(options.slots, CellPool(cells));
  engine->thread_ = std::thread([raw = engine.get()] { raw->run(); });
  return {std::move(engine), ""};
}

Engine::Engine(const EngineOptions& options, ggml_backend_ptr device, std::unique_ptr<Model> model)
    : options_(options), device_(std::move(device)), model_(std::move(model)), team_(options.threads), slots_(options.slots) {
  rules_ = std::make_unique<TokenRules>(model_->vocabulary, model_->hparams.n_audio_ctx);
  context_.reset(new TaskContext{*model_, *rules_, options_.alignment});
}

Engine::~Engine() {
  jobs_.close();
  if (thread_.joinable()) thread_.join();
}

void Engine::submit(std::shared_ptr<Job> job) {
  const std::string wrong = job_refusal(*job, model_->vocabulary, options_.max_width);
  if (!wrong.empty()) return job->done(Status::failed, {}, wrong, 0);
  jobs_.add(std::move(job));
}

void Engine::cancel(const std::shared_ptr<Job>& job) {
  job->cancelled = true;
  if (jobs_.withdraw(job)) job->done(Status::cancelled, {}, "", 0);
}

void Engine::run() {
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

// Gives free slots to waiting windows, lowest slot first.
bool Engine::admit() {
  if (!jobs_.wait_for_work()) {
    for (const auto& job : jobs_.withdraw_all()) job->done(Status::cancelled, {}, "", 0);
    return false;
  }
  for (size_t i = 0; i < slots_.size(); ++i)
    if (!slots_[i].job) slots_[i].job = jobs_.take(is_reserved(i));
  any_urgent_ = std::any_of(slots_.begin(), slots_.end(), [](const Slot& slot) { return slot.job && slot.job->urgent; });
  return true;
}

void Engine::note_rest(double step_ms) {
  for (Slot& slot : slots_)
    if (slot.job && rests(slot)) slot.rested_ms += step_ms;
}

void Engine::end_cancelled() {
  for (Slot& slot : slots_)
    if (slot.job && slot.job->cancelled) finish(slot, Status::cancelled);
}

// One window at a time, urgent ones first: between two encodings those that decode take a step, so that none stands still for long.
void Engine::encode_next() {
  const auto waits = [this](const Slot& slot) {
    return slot.job && !rests(slot) && (!slot.task || slot.task->stage() == WindowTask::Stage::encode);
  };
  auto at = std::find_if(slots_.begin(), slots_.end(), [&](const Slot& slot) { return waits(slot) && slot.job->urgent; });
  if (at == slots_.end()) at = std::find_if(slots_.begin(), slots_.end(), waits);
  if (at == slots_.end()) return;
  try {
    encode(int(at - slots_.begin()));
  } catch (const std::exception& error) {
    finish(*at, Status::failed, error.what());
  }
}

void Engine::encode(int index) {
  Slot& slot = slots_[index];
  const Stopwatch watch;
  if (!slot.task) begin(index);
  if (slot.task->stage() != WindowTask::Stage::encode) return;
  const double mel_ms = watch.ms();
  const bool encoded = backend_->encode(slot.task->mel(), slot.task->stretch(), index, slot.job->cancelled);
  slot.worked_ms += watch.ms();
  clock_.add(&StageTimes::mel_ms, mel_ms);
  clock_.add(&StageTimes::encode_ms, watch.ms() - mel_ms);
  if (encoded) {
    slot.task->encoded();
  } else {
    finish(slot, slot.job->cancelled ? Status::cancelled : Status::failed, "the encoder failed");
  }
}

void Engine::begin(int index) {
  Slot& slot = slots_[index];
  slot.task = std::make_unique<WindowTask>(*context_, cells_[index], index, *slot.job, slot.result);
  const std::vector<float> audio = safe_audio(slot.job->pcm);
  slot.task->set_mel(backend_->mel(audio.data(), audio.size()));
}

void Engine::step() {
  rows_.clear();
  std::vector<Turn> turns;
  for (size_t index = 0; index < slots_.size(); ++index) {
    const Slot& slot = slots_[index];
    if (!slot.task || rests(slot)) continue;
    const size_t first = rows_.size();
    slot.task->add_rows(rows_);
    if (rows_.size() > first) turns.push_back({index, slot.task.get(), slot.task->stage(), first, rows_.size(), 0, nullptr});
  }
  if (rows_.empty()) return;
  const Stopwatch watch;
  if (backend_->decode(rows_, results_)) {
    accept(turns, watch.ms());
  } else {
    finish_all(Status::failed, "the decoder failed");
  }
}

void Engine::accept(std::vector<Turn>& turns, double decode_ms) {
  const Stopwatch watch;
  accept_results(turns, rows_, results_, options_.alignment.heads.size() * model_->hparams.n_audio_ctx, team_);
  const std::vector<double> worked_ms = shares_of(turns, decode_ms, watch.ms());
  for (size_t i = 0; i < turns.size(); ++i) {
    Slot& slot = slots_[turns[i].slot];
    slot.worked_ms += worked_ms[i];
    clock_.add(turns[i].stage == WindowTask::Stage::align ? &StageTimes::align_ms : &StageTimes::decode_ms, worked_ms[i]);
    try {
      if (turns[i].error) std::rethrow_exception(turns[i].error);
    } catch (const std::exception& error) {
      finish(slot, Status::failed, error.what());
    }
  }
}

void Engine::finish(Slot& slot, Status status, const std::string& message) {
  Slot ended = std::exchange(slot, {});
  ended.task.reset();
  jobs_.release(ended.job);
  ended.job->done(status, std::move(ended.result), status == Status::failed ? message : "", ended.worked_ms);
}

void Engine::finish_all(Status status, const std::string& message) {
  for (Slot& slot : slots_)
    if (slot.job) finish(slot, status, message);
}

void Engine::settle() {
  for (Slot& slot : slots_) {
    if (!slot.task) continue;
    try {
      slot.task->tell();
    } catch (const std::exception& error) {
      finish(slot, Status::failed, error.what());
      continue;
    }
    if (slot.task->stage() == WindowTask::Stage::finished) finish(slot, Status::ok);
  }
}

}  // namespace sotto::whisper
