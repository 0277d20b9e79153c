// Decodes windows together: whatever is live when a step begins goes through the decoder as one batch.
//
// A window starts as soon as a slot is free and never waits for company; a window that ends frees its slot at once.
// One thread computes; transcribe() may be called from any number of others.
#pragma once
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "compute.h"
#include "window.h"
#include "window_task.h"

namespace sotto::batch {

enum class Layer { automatic, portable, fast };

struct EngineOptions {
  std::string model_path;
  int rows = 8;       // windows decoded together
  int max_width = 5;  // most beams or draws a window may ask for: sizes the self-attention cells
  int threads = 2;
  Layer layer = Layer::automatic;  // automatic: fast where the CPU and the model allow it and SOTTO_FAST_CPU is not 0
  std::vector<AlignmentHead> alignment_heads;  // empty: the model's own, if it is known
};

struct Outcome {
  Status status = Status::ok;
  WindowResult result;
  std::string error;  // of Status::failed
};

class BatchEngine {
 public:
  struct Created {
    std::unique_ptr<BatchEngine> engine;  // null when it failed
    std::string error;
  };
  /** @param backend where the model lives and is computed; null: the CPU. The engine owns it. */
  static Created create(const EngineOptions& options, ggml_backend_t backend = nullptr);
  /** No call to transcribe() may be under way: stop() first, and wait for them. */
  ~BatchEngine();

  /** Cancels every window, those waiting too; transcribe() cancels from now on. Any thread, any number of times. */
  void stop();

  /**
   * Blocks until the window is done, failed or cancelled.
   * @param samples 16 kHz mono; less than 100 ms give an empty result, more than 30 s fail.
   * @param hooks called from the engine's thread: they must return quickly and must not call the engine.
   */
  Outcome transcribe(const float* samples, size_t count, const WindowOptions& options, const WindowHooks& hooks);

  const char* layer() const { return compute_->name(); }
  const Model& model() const { return *model_; }
  int rows() const { return options_.rows; }

 private:
  struct Job;
  BatchEngine(const EngineOptions& options, ggml_backend_ptr backend, std::unique_ptr<Model> model);
  std::string check(size_t count, const WindowOptions& options) const;
  void run();
  bool admit();
  void drop_cancelled();
  void start(const std::shared_ptr<Job>& job, int slot);
  void encode_waiting();
  void step();
  void deliver(Job& job, Status status, const std::string& error = "");
  void settle();

  const EngineOptions options_;
  ggml_backend_ptr backend_;
  std::unique_ptr<Model> model_;
  std::unique_ptr<Compute> compute_;
  std::unique_ptr<TokenRules> rules_;
  std::unique_ptr<TaskContext> context_;
  std::vector<CellPool> cells_;             // per slot
  std::vector<std::shared_ptr<Job>> live_;  // per slot; null: free
  std::vector<Row> rows_;
  RowResults results_;

  std::mutex mutex_;
  std::condition_variable work_;
  std::deque<std::shared_ptr<Job>> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace sotto::batch
