// Decodes windows together: whatever is live when a step begins goes through the decoder as one batch.
//
// A window starts as soon as a slot is free and never waits for company; a window that ends frees its slot at once.
// Urgent windows get slots first, some slots are kept for them, and while one is live the others rest: a short clip would take
// as long as all of them. No window rests longer than a given time in all, so those that are not urgent get done too.
// A job is waiting -> live (in a slot) -> done. One thread computes; the public functions may be called from any other.
#pragma once
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "alignment/alignment_heads.h"
#include "compute.h"
#include "job.h"
#include "log_sink.h"
#include "stage_times.h"
#include "team.h"
#include "turn.h"
#include "window_task.h"

namespace sotto::batch {

enum class Layer { automatic, portable, fast };

struct EngineOptions {
  std::string model_path;
  int rows = 8;       // windows decoded together, at most
  int kept = 0;       // of these, so many that only urgent windows take; at least one is for everybody
  double longest_rest_ms = 10000;  // of one window, in all
  size_t row_memory = 0;  // bytes for all rows together; fewer rows when they do not fit; 0: no limit
  int max_width = 5;  // most beams or draws a window may ask for: sizes the self-attention cells
  int threads = 2;
  Layer layer = Layer::automatic;  // automatic: fast where the CPU and the model allow it
  AlignmentChoice alignment;       // without heads: the model's own, if it is known
  LogSink log;                     // what ggml says while this engine works
};

class BatchEngine {
 public:
  struct Created {
    std::unique_ptr<BatchEngine> engine;  // null when it failed
    std::string error;
  };
  /** @param backend where the model lives and is computed; null: the CPU. The engine owns it. */
  static Created create(const EngineOptions& options, ggml_backend_t backend = nullptr);
  /** Cancels every window, those waiting too, and waits until all are done. */
  ~BatchEngine();
  BatchEngine(const BatchEngine&) = delete;
  BatchEngine& operator=(const BatchEngine&) = delete;

  /** Audio is made safe: not a number becomes silence, less than a second is filled up with it. */
  void submit(std::shared_ptr<Job> job);
  /** A waiting job is done at once, on this thread; a live one after the layer or step under way. */
  void cancel(const std::shared_ptr<Job>& job);

  const char* layer() const { return compute_->name(); }
  size_t weight_bytes() const { return compute_->weight_bytes(); }
  const Model& model() const { return *model_; }  // its weights are the layer's own
  const EngineOptions& options() const { return options_; }
  StageTimes stage_times() const { return clock_.times(); }

 private:
  /** A slot and the job in it; no job: free. */
  struct Live {
    std::shared_ptr<Job> job;
    std::unique_ptr<WindowTask> task;
    WindowResult result;
    double worked_ms = 0;
    double rested_ms = 0;
  };
  BatchEngine(const EngineOptions& options, ggml_backend_ptr backend, std::unique_ptr<Model> model);
  void run();
  bool admit();
  bool rests(const Live& live) const {
    return any_urgent_ && !live.job->urgent && live.rested_ms < options_.longest_rest_ms;
  }
  bool is_kept(size_t slot) const { return slot >= live_.size() - size_t(options_.kept); }
  void note_rest(double step_ms);
  std::deque<std::shared_ptr<Job>>::iterator next_waiting();
  void end_cancelled();
  void encode_next();
  void encode(int slot);
  void begin(int slot);
  void step();
  void accept(std::vector<Turn>& turns, double decode_ms);
  void finish(Live& live, Status status, const std::string& message = "");
  void finish_all(Status status, const std::string& message);
  void settle();

  const EngineOptions options_;
  ggml_backend_ptr backend_;
  std::unique_ptr<Model> model_;
  Team team_;  // its first member is the engine's thread
  std::unique_ptr<Compute> compute_;
  std::unique_ptr<TokenRules> rules_;
  std::unique_ptr<TaskContext> context_;
  std::vector<CellPool> cells_;  // per slot
  std::vector<Live> live_;       // per slot
  bool any_urgent_ = false;      // of those live when the step began
  std::vector<Row> rows_;
  RowResults results_;
  StageClock clock_;

  std::mutex mutex_;
  std::condition_variable work_;
  std::deque<std::shared_ptr<Job>> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace sotto::batch
