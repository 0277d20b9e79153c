// Cancels windows from a thread of its own while the engine works, at moments counted in what all windows report.
#pragma once
#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "engine.h"

namespace sotto::whisper {

class Canceller {
 public:
  explicit Canceller(Engine& engine) : engine_(engine) {}
  ~Canceller() {
    report(1 << 30);
    if (thread_.joinable()) thread_.join();
  }
  Canceller(const Canceller&) = delete;
  Canceller& operator=(const Canceller&) = delete;

  /** `job` is cancelled when there have been `at` reports. Not after start(). */
  void add(int at, std::shared_ptr<Job> job) { due_.emplace_back(at, std::move(job)); }
  void start() {
    std::sort(due_.begin(), due_.end());
    thread_ = std::thread([this] { run(); });
  }
  void report(int count = 1) {
    const std::lock_guard<std::mutex> lock(mutex_);
    reports_ += count;
    changed_.notify_all();
  }

 private:
  void run() {
    for (const auto& [at, job] : due_) {
      const int64_t wanted = at;
      std::unique_lock<std::mutex> lock(mutex_);
      changed_.wait(lock, [&] { return reports_ >= wanted; });
      lock.unlock();
      engine_.cancel(job);
    }
  }

  Engine& engine_;
  std::vector<std::pair<int, std::shared_ptr<Job>>> due_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int64_t reports_ = 0;
  std::thread thread_;
};

}  // namespace sotto::whisper
