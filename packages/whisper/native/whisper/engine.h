// Decodes windows together: whatever has a slot when a step begins goes through the decoder as one batch.
//
// A window starts as soon as a slot is free and never waits for company; a window that ends frees its slot at once.
// Urgent windows get slots first, some slots are reserved for them, and while one is decoded the others rest: a short clip would
// take as long as all of them. No window rests longer than a given time in all, so those that are not urgent get done too.
// A job is waiting -> in a slot -> done. One thread computes; the public functions may be called from any other.
#pragma once
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "alignment/alignment_heads.h"
#include "backend.h"
#include "job.h"
#include "job_queue.h"
#include "log_sink.h"
#include "stage_times.h"
#include "team.h"
#include "turn.h"
#include "window_task.h"

namespace sotto::whisper {

struct EngineOptions {
  std::string model_path;
  int slots = 8;           // windows decoded together, at most
  int reserved_slots = 0;  // of these, so many that only urgent windows take; at least one is for everybody
  double longest_rest_ms = 10000;  // of one window, in all
  size_t slot_memory = 0;  // bytes for all slots together; fewer slots when they do not fit; 0: no limit
  int max_width = 5;  // most beams or draws a window may ask for: sizes the self-attention cells
  int threads = 2;
  BackendChoice backend = BackendChoice::automatic;  // automatic: fast where the CPU and the model allow it
  AlignmentChoice alignment;       // without heads: the model's own, if it is known
  LogSink log;                     // what ggml says while this engine works
};

class Engine {
 public:
  struct Created {
    std::unique_ptr<Engine> engine;  // null when it failed
    std::string error;
  };
  /** @param device where the model lives and is computed; null: the CPU. The engine owns it. */
  static Created create(const EngineOptions& options, ggml_backend_t device = nullptr);
  /** Cancels every window, those waiting too, and waits until all are done. */
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /** Audio is made safe: not a number becomes silence, less than a second is filled up with it. */
  void submit(std::shared_ptr<Job> job);
  /** A waiting job is done at once, on this thread; one in a slot after the encoder layer or step under way. */
  void cancel(const std::shared_ptr<Job>& job);

  const char* backend() const { return backend_->name(); }
  size_t weight_bytes() const { return backend_->weight_bytes(); }
  const Model& model() const { return *model_; }  // its weights are the backend's own
  const EngineOptions& options() const { return options_; }
  StageTimes stage_times() const { return clock_.times(); }

 private:
  /** The window being decoded there; no job: free. */
  struct Slot {
    std::shared_ptr<Job> job;
    std::unique_ptr<WindowTask> task;
    WindowResult result;
    double worked_ms = 0;
    double rested_ms = 0;
  };
  Engine(const EngineOptions& options, ggml_backend_ptr device, std::unique_ptr<Model> model);
  void run();
  bool admit();
  bool rests(const Slot& slot) const { return any_urgent_ && !slot.job->urgent && slot.rested_ms < options_.longest_rest_ms; }
  bool is_reserved(size_t index) const { return index >= slots_.size() - size_t(options_.reserved_slots); }
  void note_rest(double step_ms);
  void end_cancelled();
  void encode_next();
  void encode(int index);
  void begin(int index);
  void step();
  void accept(std::vector<Turn>& turns, double decode_ms);
  void finish(Slot& slot, Status status, const std::string& message = "");
  void finish_all(Status status, const std::string& message);
  void settle();

  const EngineOptions options_;
  ggml_backend_ptr device_;
  std::unique_ptr<Model> model_;
  Team team_;  // its first member is the engine's thread
  std::unique_ptr<Backend> backend_;
  std::unique_ptr<TokenRules> rules_;
  std::unique_ptr<TaskContext> context_;
  std::vector<CellPool> cells_;  // per slot
  std::vector<Slot> slots_;
  bool any_urgent_ = false;  // in a slot when the step began
  std::vector<Row> rows_;
  RowResults results_;
  StageClock clock_;

  JobQueue jobs_;
  std::thread thread_;
};

}  // namespace sotto::whisper
